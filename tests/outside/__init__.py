"""The product as the outside sees it: one demo, signed webhooks, the API, the pay page, a browser."""
