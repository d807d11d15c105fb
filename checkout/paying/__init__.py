"""Paying an order step by step: short transactions, calls to the provider between them, each safe to repeat."""
