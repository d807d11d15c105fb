"""Imports: catalogue files of several makes, read in a stream, written product by product, reported row by row."""
