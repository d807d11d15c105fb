"""A double of WhatsApp's Cloud API for the lab and the tests."""
