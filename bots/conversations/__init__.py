"""A shopper on a channel: the thread, what was said both ways, who holds the lane, what the bot remembers."""
