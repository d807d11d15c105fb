"""Edges: HTTP, web chat, merchant desk, lab, commands, worker and wiring."""
