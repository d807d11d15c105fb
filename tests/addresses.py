"""Addresses for tests of what may be fetched: one of the world, and those that lead into our own network."""

PUBLIC = "93.184.216.34"
INWARD = (
    "127.0.0.1",
    "10.0.0.8",
    "169.254.169.254",
    "::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "fe80::1",
    "fe80::1%eth0",
)
