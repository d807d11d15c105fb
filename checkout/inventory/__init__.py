"""Stock: what is on hand, what is reserved for whom and until when, and the ledger of every movement."""
