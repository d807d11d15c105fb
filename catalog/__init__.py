"""Goods: shops, products, prices, pictures, lookbooks, search and feeds."""
