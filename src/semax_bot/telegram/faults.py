"""What went wrong, in a few words for a log line."""

import traceback
from pathlib import Path

from telegram.error import InvalidToken, TelegramError

from semax_bot.errors import SemaxBotError


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
