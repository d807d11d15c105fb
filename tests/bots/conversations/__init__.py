"""Threads, lanes and what a person said."""
