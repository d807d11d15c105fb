"""Feeds: the catalogue as Google and Meta read it."""
