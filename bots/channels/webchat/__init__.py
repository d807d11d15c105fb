"""Our own web chat: page and widget. We are the provider, so `send` stores an event and notifies the open pages."""
