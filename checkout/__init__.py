"""Trade: carts, pricing, inventory, payments, orders, fulfilment and returns."""
