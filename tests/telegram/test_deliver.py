"""Typing: shown where it helps the one who waits, and left out where it would only be one more call."""

import asyncio
from contextlib import ExitStack
from typing import Any, cast

import pytest
from telegram import Bot

import virtual_time
from semax_bot.telegram.deliver import CROWD, Room, Typing
from virtual_time import now


class FakeBot:
    """Notes when 'typing' was shown, and where."""

    def __init__(self) -> None:
        self.shown: list[tuple[float, int, int | None]] = []

    async def send_chat_action(self, chat: int, _: str, message_thread_id: int | None, **__: Any) -> None:
        """Note it."""
        self.shown.append((now(), chat, message_thread_id))


def shown(seconds: float, crowd: int = 1) -> list[tuple[float, int, int | None]]:
    """What is shown while `crowd` answers take so many seconds."""

    async def scene() -> list[tuple[float, int, int | None]]:
        bot = FakeBot()
        with ExitStack() as answers:
            for chat in range(crowd):
                answers.enter_context(Typing(cast(Bot, bot), Room(chat, 7)))
            await asyncio.sleep(seconds)
        await asyncio.sleep(10)
        return bot.shown

    return virtual_time.run(scene())


@pytest.mark.parametrize(("seconds", "expected"), [(0.4, []), (0.6, [(0.5, 0, 7)]), (20, [(0.5, 0, 7)])])
def test_typing_is_shown_once_and_after_half_a_second(seconds: float, expected: list[object]) -> None:
    """Earlier it would flicker; never would look like a dead bot."""
    assert shown(seconds) == expected


def test_typing_is_left_out_in_a_crowd() -> None:
    """When hundreds wait, a call for each would double the time that all of them wait."""
    assert len(shown(2, CROWD)) == CROWD
    assert shown(2, CROWD + 1) == []
