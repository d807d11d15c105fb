"""Pages of docs/ that are written from the code; tests/test_docs.py holds the two together."""
