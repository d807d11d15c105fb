"""What the shop tells by itself: reactions to events of the trade, said in the thread where the order was placed."""
