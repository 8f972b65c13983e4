"""Who has opened the page inside Telegram: the data that Telegram gives a page at its launch, and their signature.

https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app says how the signature is made.
"""

import hmac
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import parse_qsl

from semax_bot.errors import SemaxBotError
from semax_bot.tutor import Who

AGE = timedelta(hours=24)  # how long a page that stays open shows progress
SKEW = timedelta(minutes=1)  # how far Telegram's clock may be ahead of ours
LONGEST = 4096  # characters; launch data have about 500
FIELDS = 32  # Telegram sends about 8

FORGED = "This is not signed by Telegram for this bot. Open the page from the chat."
STALE = "The page has been open for more than a day. Open it again from the chat to see your progress."


class LaunchError(SemaxBotError):
    """Launch data do not prove who opened the page; the message never repeats them."""


def learner(launch: str, token: str, now: datetime) -> Who:
    """The learner whom launch data (`initData`) name, if they were signed for the bot with this token within a day.

    Raises LaunchError in every other case.
    """
    fields = _fields(launch)
    signature = fields.pop("hash", "")
    checked = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.digest(b"WebAppData", token.encode(), sha256)
    expected = hmac.digest(key, checked.encode(), sha256).hex()
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        raise LaunchError(FORGED)
    try:
        age = now - datetime.fromtimestamp(int(fields["auth_date"]), UTC)
        handle = json.loads(fields["user"])["id"]
    except (KeyError, ValueError, TypeError, OverflowError, OSError, RecursionError):  # signed, but no launch by a user
        raise LaunchError(FORGED) from None
    if type(handle) is not int or handle <= 0 or age < -SKEW:
        raise LaunchError(FORGED)
    if age > AGE:
        raise LaunchError(STALE)
    return Who("telegram", str(handle))


def _fields(launch: str) -> dict[str, str]:
    """The fields by name. One that comes twice, or holds a line end, could be read in two ways, so neither passes."""
    try:
        if len(launch) > LONGEST:
            raise ValueError("too long")
        pairs = parse_qsl(launch, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=FIELDS)
    except ValueError:
        raise LaunchError(FORGED) from None
    fields = dict(pairs)
    if len(fields) < len(pairs) or any("\n" in f"{name}{value}" for name, value in pairs):
        raise LaunchError(FORGED)
    return fields
