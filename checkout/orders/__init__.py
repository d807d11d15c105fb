"""Placed carts with their prices frozen: placing, paying, cancelling, expiring, and what the shopper is shown."""
