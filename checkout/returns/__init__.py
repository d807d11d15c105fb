"""Goods coming back: who may return what until when, and what follows from it."""
