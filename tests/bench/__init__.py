"""The benchmark: the product's turn beside a hand-written floor, in one run. `python -m tests.bench`."""
