"""Lookbooks: scene pictures with numbered products, found by a code such as LB7."""
