"""From an accepted event to a recorded outcome: store once, lock the conversation, understand, decide, write, commit."""
