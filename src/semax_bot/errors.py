"""Every error a person may meet, in one tree; leaves that only one room raises stand in that room.

SemaxBotError
├── ContentError        the course files are unreadable or break a rule
├── SettingsError       a setting is missing or malformed
├── StoreError          what is remembered cannot be read or written
├── ChartError          a picture cannot be drawn (charts.process)
├── LaunchError         nobody knows who opened the page (web.auth)
└── Declined            what a person asked for cannot be
    ├── UnknownEntry    an id or an action names no entry
    ├── WishError, DailyWishError    words behind a command (quiz.wish, schedule.wish)
    ├── TooLate, NotYours            an answer, somebody else's round (tutor)
    └── NoAnswer                     Telegram does not say (telegram.faults)
"""


class SemaxBotError(Exception):
    """Base of all our errors; its message is written for the person who reads it."""


class ContentError(SemaxBotError):
    """The course content cannot be used; `faults` lists every reason, one line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class SettingsError(SemaxBotError):
    """The configuration cannot be used; the message names each variable and what it should hold."""


class StoreError(SemaxBotError):
    """The database cannot be opened, read or written; the message says which, why, and what to do."""


class Declined(SemaxBotError):
    """What a person asked for cannot be; the message tells them why, and nothing is amiss with us."""


class UnknownEntry(Declined):
    """No entry, list or button goes by this name (an old button, a forged link, a typing slip)."""
