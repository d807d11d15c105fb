"""The sample shop "Linden & Loom": goods, pictures drawn in code, lookbooks, stock and legal texts, ready to sell."""
