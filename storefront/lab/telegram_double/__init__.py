"""A double of Telegram's Bot API for the lab and the tests."""
