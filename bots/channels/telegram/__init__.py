"""Telegram, Bot API."""
