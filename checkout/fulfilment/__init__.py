"""Parcels: what of an order left, with whom, and where to look for it."""
