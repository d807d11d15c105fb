"""Getting messages out: may we, by which message, in what order, how often, and what became of it."""
