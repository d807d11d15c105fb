"""Money, ids, time, transactions, events, states and errors: the lowest layer, which imports nothing of ours."""
