"""Shops (tenants): who sells, in which languages and currency, by which rules; and the keys that speak for them."""
