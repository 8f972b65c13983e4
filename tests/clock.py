"""A clock that tests move."""

from datetime import UTC, datetime

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Clock:
    """Tells `now`; stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now
