"""One task each: greeting, browsing, cart, paying, orders, returns, a person. `advance` chooses."""
