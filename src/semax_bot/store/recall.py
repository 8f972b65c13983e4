"""A chat's short memory: its last entry, and which message answered which question. Ids only, never text.

Kept in the process until the database exists; bounded in time and number, so that it cannot grow with the chats.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

KEEP = timedelta(minutes=30)  # a follow-up later than this starts afresh
MOST = 10_000  # of each kind; the oldest go first

V = TypeVar("V")


class Recall:
    """What the tutor remembers of its chats for half an hour."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._entries: _Fading[str] = _Fading(now)
        self._answers: _Fading[int] = _Fading(now)

    async def last_entry(self, chat: Hashable) -> str | None:
        """The entry that the chat saw last."""
        return self._entries.get(chat)

    async def saw(self, chat: Hashable, entry: str) -> None:
        """The chat was shown this entry."""
        self._entries.put(chat, entry)

    async def answer_to(self, chat: Hashable, question: int) -> int | None:
        """The id of the message that answered message `question`."""
        return self._answers.get((chat, question))

    async def answered(self, chat: Hashable, question: int, answer: int) -> None:
        """Message `answer` answers message `question`."""
        self._answers.put((chat, question), answer)


class _Fading(Generic[V]):
    """A mapping that forgets what is older than KEEP, and the oldest beyond MOST."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._held: OrderedDict[Hashable, tuple[datetime, V]] = OrderedDict()

    def put(self, key: Hashable, value: V) -> None:
        self._held[key] = (self._now(), value)
        self._held.move_to_end(key)
        while len(self._held) > MOST:
            self._held.popitem(last=False)

    def get(self, key: Hashable) -> V | None:
        held = self._held.get(key)
        if held and self._now() - held[0] <= KEEP:
            return held[1]
        self._held.pop(key, None)
        return None
