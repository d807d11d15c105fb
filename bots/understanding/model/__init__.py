"""A language model as a second reader: asked by an OpenAI-compatible request, believed only as far as the shop knows.

The built-in reader stays in charge: it is used whenever the model is late, silent, malformed or says what cannot be.
"""
