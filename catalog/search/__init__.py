"""Search: the words of the goods in PostgreSQL's full text index, spelling from the shop's own vocabulary, ranking."""
