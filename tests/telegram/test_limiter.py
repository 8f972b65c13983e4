"""The limiter: who never waits, 'wait' means wait, and nothing stays behind."""

import asyncio
from collections.abc import Coroutine
from itertools import count
from typing import Any

import pytest
from telegram import Bot, Message
from telegram.error import RetryAfter, TimedOut
from telegram.ext import ExtBot

import virtual_time
from limited import ALICE, BORIS, CLARA, Telegram, refusal, settle
from semax_bot.telegram.limiter import AT_ONCE, TRIES, Lane, Limiter, Result
from virtual_time import now


@pytest.mark.parametrize("endpoint", ["getMe", "answerCallbackQuery", "answerInlineQuery", "setMyCommands"])
def test_calls_without_a_chat_never_wait(endpoint: str) -> None:
    """A tap is acknowledged at once, even while all sends wait and everything is held."""

    async def scene() -> float:
        telegram = Telegram(max_rate=1, refuse=lambda call: 50 if call.at == 0 and call.chat else None)
        sends = [asyncio.create_task(telegram.call(chat, endpoint="editMessageText")) for chat in range(1, 50)]
        await settle()
        await telegram.call(None, endpoint=endpoint)
        at = now()
        await asyncio.gather(*sends)
        assert now() == 50
        return at

    assert virtual_time.run(scene()) == 0


def test_retry_after_holds_its_own_chat_in_full_length() -> None:
    """All calls to that chat wait until the end, not only the refused one, and in order; other chats go on (#5338)."""

    async def scene() -> Telegram:
        telegram = Telegram(refuse=lambda call: 2.1 if (call.name, call.at) == ("first", 0) else None)
        first = asyncio.create_task(telegram.call(ALICE, name="first"))
        await asyncio.sleep(0.2)
        edit = asyncio.create_task(telegram.call(ALICE, name="edit", endpoint="editMessageText"))
        later = asyncio.create_task(telegram.call(ALICE, name="later"))
        await asyncio.sleep(0.3)
        await telegram.call(BORIS)
        await asyncio.gather(first, edit, later, telegram.call(ALICE, name="last"))
        return telegram

    telegram = virtual_time.run(scene())
    assert telegram.times(BORIS) == [0.5]
    assert telegram.times(ALICE) == [0, 2.1, 2.1, 2.1, 3]
    assert [call.name for call in telegram.calls if "e" not in str(call.name)[:1] and call.chat == ALICE] == [
        *("first", "first", "later", "last")
    ]


@pytest.mark.parametrize("as_timedelta", ["true", "false"])
def test_retry_after_in_either_form(monkeypatch: pytest.MonkeyPatch, as_timedelta: str) -> None:
    """The library is about to change the attribute's type and warns when it is read; neither may break a wait."""
    monkeypatch.setenv("PTB_TIMEDELTA", as_timedelta)
    refusals = iter([refusal(3)])

    async def scene() -> float:
        async def callback() -> Result:
            for error in refusals:
                raise error
            return True

        assert await Limiter().process_request(callback, (), {}, "sendMessage", {"chat_id": ALICE}, None) is True
        return now()

    assert virtual_time.run(scene()) == 3


def test_a_longer_hold_is_not_cut_short() -> None:
    """Of two refusals in flight at the same time, the longer one counts, whichever comes in last."""

    async def scene() -> list[float]:
        telegram = Telegram(refuse=lambda call: {"long": 9, "short": 1}[str(call.name)] if call.at < 1 else None)
        sends = asyncio.gather(telegram.call(name="long"), telegram.call(name="short", network=(0.5, 0)))
        await asyncio.sleep(1)
        await telegram.call(name="edit", endpoint="editMessageText")
        await sends
        return telegram.times()

    assert virtual_time.run(scene()) == [0, 0.5, 9, 9, 9.5]


def test_several_refused_chats_hold_everything() -> None:
    """Three chats refused at once mean that we are too fast: all chats wait until the longest wait ends."""
    seconds = {ALICE: 4.0, BORIS: 8.0, CLARA: 2.0}

    async def scene() -> Telegram:
        telegram = Telegram(refuse=lambda call: seconds.get(call.chat) if call.at == 0 else None)  # type: ignore[call-overload]  # any object
        refused = [asyncio.create_task(telegram.call(chat)) for chat in seconds]
        await asyncio.sleep(1)
        await asyncio.gather(*refused, telegram.call(10), telegram.call(11, endpoint="editMessageText"))
        return telegram

    telegram = virtual_time.run(scene())
    assert telegram.times(10) == telegram.times(11) == [8]
    assert [telegram.times(chat)[1] for chat in seconds] == [8, 8, 8]


@pytest.mark.parametrize(
    ("chats", "gap"), [((ALICE, BORIS), 0.0), ((ALICE, BORIS, CLARA), AT_ONCE), ((ALICE,) * 3, 0.0)]
)
def test_few_or_scattered_refusals_hold_nobody_else(chats: tuple[int, ...], gap: float) -> None:
    """Two chats, or three over a longer time, or one three times, are those chats' own affair (#3765)."""

    async def scene() -> list[float]:
        telegram = Telegram(refuse=lambda call: 50 if call.name == "refused" and call.at < 30 else None)
        refused = []
        for chat in chats:
            refused.append(asyncio.create_task(telegram.call(chat, name="refused")))
            await asyncio.sleep(gap)
        await settle()
        started = now()
        await telegram.call(10)
        assert now() == started
        await asyncio.gather(*refused)
        return telegram.times(10)

    assert len(virtual_time.run(scene())) == 1


def test_later_refusals_do_not_cut_the_hold_of_all_short() -> None:
    """Calls that were under way when all was held may come back with shorter waits; the long one still counts."""

    async def scene() -> list[float]:
        telegram = Telegram(refuse=lambda call: None if call.at else 50 if call.chat in {ALICE, BORIS, CLARA} else 1)
        quick = [telegram.call(chat) for chat in (ALICE, BORIS, CLARA)]
        slow = [telegram.call(chat, network=(0, 20)) for chat in (4, 5, 6)]
        calls = asyncio.gather(*quick, *slow)
        await asyncio.sleep(25)
        await telegram.call(10)
        await calls
        return telegram.times(10)

    assert virtual_time.run(scene()) == [50]


def test_a_call_refused_again_and_again_is_given_up() -> None:
    """After five refusals the caller hears of it, and every wait before was kept."""

    async def scene() -> list[float]:
        telegram = Telegram(refuse=lambda _: 10)
        with pytest.raises(RetryAfter):
            await telegram.call()
        return telegram.times()

    assert virtual_time.run(scene()) == [0, 10, 20, 30, 40]
    assert TRIES == 5


def test_a_call_without_a_chat_obeys_its_own_retry_after_only() -> None:
    """A refused setMyCommands is made again when its time has come; a refused tap delays no other tap."""

    async def scene() -> Telegram:
        telegram = Telegram(refuse=lambda call: 7 if (call.name, call.at) == ("refused", 0) else None)
        refused = asyncio.create_task(telegram.call(None, name="refused", endpoint="answerCallbackQuery"))
        await asyncio.sleep(1)
        await telegram.call(None, name="other", endpoint="answerCallbackQuery")
        await refused
        return telegram

    assert virtual_time.run(scene()).times(None) == [0, 1, 7]


def test_other_faults_are_not_the_limiters_business() -> None:
    """A timeout goes straight to the caller, and its place is free again in time."""

    async def scene() -> float:
        limiter, tries = Limiter(max_rate=1), count()

        async def callback() -> Result:
            if next(tries) == 0:
                raise TimedOut
            return True

        with pytest.raises(TimedOut):
            await limiter.process_request(callback, (), {}, "sendMessage", {"chat_id": ALICE}, None)
        await limiter.process_request(callback, (), {}, "sendMessage", {"chat_id": BORIS}, None)
        return now()

    assert virtual_time.run(scene()) == 1


def test_idle_chats_are_forgotten() -> None:
    """Thousands of chats leave nothing behind once their windows are empty; a held chat stays until its time is up."""

    async def scene() -> None:
        telegram = Telegram(max_rate=1000, refuse=lambda call: 90 if (call.chat, call.at) == (ALICE, 0) else None)
        chats = telegram.limiter._chats
        held = asyncio.create_task(telegram.call(ALICE))
        await asyncio.gather(*(telegram.call(-chat) for chat in range(1, 2_001)))
        held.cancel()
        assert len(chats) == 2_001
        await asyncio.sleep(62)
        assert list(chats) == [ALICE]
        await asyncio.sleep(30)
        assert chats == {}

    virtual_time.run(scene())


def test_a_chat_that_gave_up_is_forgotten() -> None:
    """A chat whose only caller was cancelled while it waited leaves nothing behind either."""

    async def scene() -> None:
        telegram = Telegram(max_rate=1)
        await telegram.call(ALICE)
        waiting = asyncio.create_task(telegram.call(BORIS))
        await settle()
        waiting.cancel()
        await asyncio.sleep(60)
        assert telegram.limiter._chats == {}

    virtual_time.run(scene())


def test_the_lane_arrives_through_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """`rate_limit_args` must reach us as it was passed: the library drops values that are false (pitfall of 0)."""
    seen: list[Lane | None] = []

    class Noting(Limiter):
        async def process_request(self, *args: Any, **kwargs: Any) -> Result:
            seen.append(kwargs["rate_limit_args"])
            return await super().process_request(*args, **kwargs)

    async def post(self: Bot, endpoint: str, data: dict[str, Any], **_: Any) -> Result:
        assert (endpoint, data["chat_id"]) == ("sendMessage", ALICE)
        return {"message_id": 1, "date": 0, "chat": {"id": ALICE, "type": "private"}}

    monkeypatch.setattr(Bot, "_do_post", post)

    async def scene() -> None:
        bot: ExtBot[Lane] = ExtBot("1:token", rate_limiter=Noting())
        calls: list[Coroutine[Any, Any, Message]] = [
            bot.send_message(ALICE, "a"),
            bot.send_message(ALICE, "b", rate_limit_args=Lane.ANSWER),
            bot.send_message(ALICE, "c", rate_limit_args=Lane.PROMPT),
        ]
        for call in calls:
            await call

    virtual_time.run(scene())
    assert seen == [None, Lane.ANSWER, Lane.PROMPT]
