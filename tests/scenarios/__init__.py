"""Conversations that a merchant can read, run against the whole house below the wire."""
