"""The Telegram surface: it turns updates into calls of the tutor, and replies into messages."""
