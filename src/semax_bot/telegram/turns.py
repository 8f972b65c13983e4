"""Who may send when: the limits as true sliding windows, and the order in which sends pass that have to wait.

Telegram's limits: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this (30 messages a second
in all, 20 a minute in a group, about one a second in any chat). All times here are the event loop's.
"""

import asyncio
from collections import deque
from enum import Enum
from heapq import heappop, heappush
from math import inf

CHAT = (3, 3.0)  # messages, seconds: bursts of three, and one a second on average
GROUP = (20, 60.0)  # the same for groups and channels, on top


class Lane(Enum):
    """Who goes first where sends have to wait; passed to a method of the bot as `rate_limit_args`."""

    ANSWER = 0
    PROMPT = 1


class Window:
    """At most `limit` messages in any `period` seconds.

    Telegram counts a message at some moment between our call and its answer. So a message fills its place from the call
    until `period` seconds after the answer, and the limit holds where it is checked, however slow the network is.
    A call of more messages than the limit (an album) takes all places.
    """

    __slots__ = ("_leaving", "_limit", "_period", "_under_way")

    def __init__(self, limit: int, period: float) -> None:
        self._limit, self._period = limit, period
        self._under_way = 0
        self._leaving: deque[float] = deque()  # when each answered message leaves its place, in order

    def opens(self, messages: int, now: float) -> float:
        """When so many more will fit: not after `now` if at once, infinity if an answer has to come in first."""
        while self._leaving and self._leaving[0] <= now:
            self._leaving.popleft()
        excess = min(messages, self._limit) + self._under_way + len(self._leaving) - self._limit
        if excess <= 0:
            return now
        return self._leaving[excess - 1] if excess <= len(self._leaving) else inf

    def call(self, messages: int) -> None:
        """Fill the places of a call."""
        self._under_way += min(messages, self._limit)

    def answered(self, messages: int, now: float) -> None:
        """Start the time after which the call's places are free again."""
        self._under_way -= min(messages, self._limit)
        self._leaving.extend([now + self._period] * min(messages, self._limit))

    def empty(self) -> float:
        """When the last answered message will have left."""
        return self._leaving[-1] if self._leaving else 0.0


class Line:
    """The sends of one lane that wait in one chat, oldest first: their tickets, numbers of messages, and turns."""

    __slots__ = ("chat", "lane", "placed", "waiting")

    def __init__(self, chat: "Chat", lane: Lane) -> None:
        self.chat, self.lane = chat, lane
        self.waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self.placed = False  # whether it competes with other lines, or a timer will let it

    def messages(self) -> int:
        """How many messages its first send holds; 0 if nobody waits (any more)."""
        while self.waiting and self.waiting[0][-1].done():
            heappop(self.waiting)
        return self.waiting[0][1] if self.waiting else 0


class Chat:
    """What is remembered of a chat: its windows, until when Telegram told us to wait, and who waits."""

    __slots__ = ("callers", "forgetting", "held", "lines", "windows")

    def __init__(self, *windows: Window) -> None:
        self.windows = windows
        self.held = 0.0
        self.lines = [Line(self, lane) for lane in Lane]
        self.callers = 0  # calls that have not ended
        self.forgetting = False  # whether a timer will look if it is idle

    def opens(self, messages: int, now: float) -> float:
        """When so many messages may be sent here; infinity if an answer has to come in first."""
        return max(self.held, *(window.opens(messages, now) for window in self.windows), 0.0)

    def idle(self) -> float:
        """When nothing of what we remember will matter any more, provided that nobody calls."""
        return max(self.held, *(window.empty() for window in self.windows), 0.0)


class Turns:
    """Gives each send its turn: answers before prompts, older before younger, and past chats that have to wait.

    No task runs here; whoever comes, goes or is woken by a timer lets pass all that may pass (`_serve`).
    """

    def __init__(self, *windows: Window) -> None:
        self.held = 0.0  # until when nobody may send anything
        self._windows = windows  # those that all chats share
        self._lines: list[tuple[int, int, Line]] = []  # whose chat may be free: lane, ticket of its first, line
        self._timer: asyncio.TimerHandle | None = None  # for the moment at which the shared windows open

    async def turn(self, chat: Chat, lane: Lane, ticket: int, messages: int) -> None:
        """Wait until so many messages may be sent; they fill their places until `answered`. Lower tickets are older."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line = chat.lines[lane.value]
        heappush(line.waiting, (ticket, messages, turn))
        self._place(line)
        self._serve()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._serve()  # it may have stood in the way of a smaller one
            else:  # its turn had come in the same moment
                self.answered(chat, messages)
            raise

    def answered(self, chat: Chat, messages: int) -> None:
        """Say that the call of so many messages has ended, well or badly."""
        now = asyncio.get_running_loop().time()
        for window in (*self._windows, *chat.windows):
            window.answered(messages, now)
        for line in chat.lines:
            self._place(line)
        self._serve()

    def _place(self, line: Line) -> None:
        """Let a line compete for the shared places."""
        if line.waiting and not line.placed:
            line.placed = True
            heappush(self._lines, (line.lane.value, line.waiting[0][0], line))

    def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        while self._lines:
            line = self._lines[0][-1]
            messages = line.messages()
            chat_opens = line.chat.opens(messages, now)
            if messages and chat_opens <= now:
                opens = max(self.held, *(window.opens(messages, now) for window in self._windows), 0.0)
                if opens > now:
                    self._wake(opens)
                    return
            heappop(self._lines)
            if messages and now < chat_opens < inf:
                loop.call_at(chat_opens, self._resume, line)
                continue
            line.placed = False
            if messages and chat_opens <= now:
                self._pass(line)

    def _pass(self, line: Line) -> None:
        _, messages, turn = heappop(line.waiting)
        for window in (*self._windows, *line.chat.windows):
            window.call(messages)
        turn.set_result(None)
        self._place(line)

    def _resume(self, line: Line) -> None:
        line.placed = False
        self._place(line)
        self._serve()

    def _wake(self, at: float) -> None:
        """Serve again at a moment; infinity needs no timer, as every answer serves."""
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(at, self._serve) if at < inf else None
