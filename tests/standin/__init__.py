"""A stand-in for Telegram's Bot API on loopback, and the people and processes that talk through it."""
