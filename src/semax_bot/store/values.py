"""What the store and those above it hand each other, free of any database."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Due:
    """Something to be done at a moment: what kind of thing, and the row that it is about."""

    id: int
    kind: str
    ref: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel, by its chat's key, and its title when we last heard it."""

    chat: str
    title: str
