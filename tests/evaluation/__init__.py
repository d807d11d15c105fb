"""Measurements of understanding and search against reference data; run as modules, not as tests."""
