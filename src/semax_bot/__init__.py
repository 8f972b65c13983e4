"""semax-bot: a course tutor that lives in a chat."""

__version__ = "0.1.0"
