"""The web chat at the edge: its page and widget, its WebSocket, its HTTP calls (routes.py is all of it)."""
