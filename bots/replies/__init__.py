"""Words: the phrases of the chat in every language, and how goods, carts and orders are put into messages."""
