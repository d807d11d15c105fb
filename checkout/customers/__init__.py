"""The people who buy: names, ways to reach them, addresses; proven sameness and its undoing; erasure."""
