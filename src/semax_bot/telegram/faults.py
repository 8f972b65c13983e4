"""What went wrong: in a few words for a log line, and whether it is the chat that takes no message of ours."""

import traceback
from pathlib import Path

from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from semax_bot.errors import Declined, SemaxBotError

# Telegram's wordings, in small letters, for a chat that takes no message of ours, whatever it says.
_SHUT = (
    "chat not found",
    "not enough rights",
    "no rights",
    "administrator rights",
    "admin_required",
    "restricted",
    "polls_forbidden",
    "write_forbidden",
    "topic_closed",
    "topic_deleted",
    "thread not found",
    "peer_id_invalid",
    "deactivated",
)


class NoAnswer(Declined):
    """Telegram did not answer a question of ours on which somebody waits."""

    def __init__(self) -> None:
        super().__init__("Telegram does not answer me just now. Please try again in a moment.")


def closed(fault: BaseException) -> bool:
    """Whether the chat takes no message of ours: we are blocked, removed or muted there, or it is gone."""
    if isinstance(fault, BadRequest):
        return any(words in fault.message.casefold() for words in _SHUT)
    return isinstance(fault, Forbidden)


def reason(fault: BaseException) -> str:
    """The fault in a few words that hold no token and nothing that anyone wrote.

    Telegram's own words are kept, cut to one line, and those that we wrote for people; of a bug only kind and place, as
    its text may quote.
    """
    if isinstance(fault, InvalidToken):  # whose own text may quote the token
        return "InvalidToken: the server knows no such token or method"
    if isinstance(fault, TelegramError):
        return f"{type(fault).__name__}: {' '.join(fault.message.split())[:160]}"
    if isinstance(fault, SemaxBotError):
        return f"{type(fault).__name__}: {fault}"
    frames = traceback.extract_tb(fault.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(fault).__name__}{place}"
