"""The forms of the API's answers: JSON objects as they are sent, for the types' checker and for the description.

A handler names the form of its answer as what it returns. Tests hold every answer of the API to it, field by field.
"""
