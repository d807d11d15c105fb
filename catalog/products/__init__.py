"""Products, variants, prices and their history: what the shop shows and sells, and the ways to change it."""
