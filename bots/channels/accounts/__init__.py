"""Merchants' accounts at the providers: their credentials, and whether they are connected."""
