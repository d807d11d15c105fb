"""From an accepted event to a recorded outcome: store once, lock, understand, decide, write, commit."""
