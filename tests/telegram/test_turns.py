"""The turns: no limit is ever passed where Telegram counts, nobody waits without need, and answers go first."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import virtual_time
from limited import ALICE, BORIS, CLARA, GROUP, Call, Telegram, settle
from semax_bot.telegram.limiter import Lane
from virtual_time import now


def most_within(period: float, calls: Sequence[Call]) -> int:
    """The most messages in any window of so many seconds, by looking at every one."""
    return max(
        (sum(call.messages for call in calls if 0 <= call.at - first.at < period - 1e-6) for first in calls),
        default=0,
    )


arrivals = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.0, 0.0, 0.01, 0.3, 1.0, 7.0]),  # seconds since the arrival before
        st.sampled_from([ALICE, BORIS, "7", GROUP, -200, "@channel"]),
        st.sampled_from([None, Lane.ANSWER, Lane.PROMPT]),
        st.tuples(st.floats(0, 2), st.floats(0, 2)),  # seconds to Telegram, and back
        st.integers(1, 3),  # messages
    ),
    max_size=60,
)


@given(arrivals=arrivals, max_rate=st.sampled_from([0.5, 2, 3.7, 5, 30]))
def test_no_window_is_ever_passed(arrivals: list[tuple[Any, ...]], max_rate: float) -> None:
    """Whatever comes when, and however slow the network: every window at Telegram's end is within its limit."""

    async def scene() -> Telegram:
        telegram = Telegram(max_rate)
        async with asyncio.TaskGroup() as tasks:
            for gap, chat, lane, network, size in arrivals:
                await asyncio.sleep(gap)
                tasks.create_task(
                    telegram.call(chat, lane, endpoint="sendMediaGroup", network=network, media=[0] * size)
                )
        return telegram

    telegram = virtual_time.run(scene())
    assert len(telegram.calls) == len(arrivals)
    for chat in {call.chat for call in telegram.calls}:
        calls = [call for call in telegram.calls if call.chat == chat]
        assert most_within(3, calls) <= 3
        assert most_within(60, calls) <= 20 or chat in {ALICE, BORIS, "7"}
    biggest = max((call.messages for call in telegram.calls), default=0)
    assert most_within(max(1, 1 / max_rate), telegram.calls) <= max(int(max_rate), biggest)


def test_sends_go_as_fast_as_the_limit_allows() -> None:
    """At 30 a second, 90 messages for 90 chats leave in three full bursts, a second apart: no place stays unused."""

    async def scene() -> Telegram:
        telegram = Telegram()
        await asyncio.gather(*(telegram.call(chat) for chat in range(1, 91)))
        return telegram

    calls = virtual_time.run(scene()).calls
    assert Counter(round(call.at, 6) for call in calls) == {0: 30, 1: 30, 2: 30}
    assert [call.chat for call in calls] == list(range(1, 91))


def test_a_place_is_taken_until_the_answer_is_in() -> None:
    """A message that reached Telegram late still counts there; the next one waits a second from its answer on."""

    async def scene() -> Telegram:
        telegram = Telegram(max_rate=1)
        await asyncio.gather(telegram.call(ALICE, network=(0.9, 0.1)), telegram.call(BORIS))
        return telegram

    telegram = virtual_time.run(scene())
    assert (telegram.times(ALICE), telegram.times(BORIS)) == ([0.9], [2.0])


def test_whoever_comes_just_before_a_place_is_free_waits_for_it() -> None:
    """A place is free at its moment, not about then."""

    async def scene() -> float:
        telegram = Telegram(max_rate=1)
        await telegram.call(ALICE)
        await asyncio.sleep(0.99)
        await telegram.call(BORIS)
        return now()

    assert virtual_time.run(scene()) == 1


@pytest.mark.parametrize(
    ("chat", "times"),
    [
        (ALICE, [0, 0, 0, 3, 3, 3, 6]),
        ("1", [0, 0, 0, 3, 3, 3, 6]),
        (GROUP, [0, 0, 0, 3, 3, 3, 6, 6, 6, 9, 9, 9, 12, 12, 12, 15, 15, 15, 18, 18, 60, 60]),
        ("@channel", [0, 0, 0, 3, 3, 3, 6, 6, 6, 9, 9, 9, 12, 12, 12, 15, 15, 15, 18, 18, 60, 60]),
    ],
)
def test_limits_of_one_chat(chat: int | str, times: list[float]) -> None:
    """Every chat takes three messages in three seconds; a group or channel, however named, 20 a minute on top."""

    async def scene() -> Telegram:
        telegram = Telegram()
        await asyncio.gather(*(telegram.call(chat) for _ in times))
        return telegram

    assert virtual_time.run(scene()).times(chat) == times


@pytest.mark.parametrize(("first", "second"), [(1, "1"), ("@Channel", "@channel")])
def test_a_chat_is_one_however_it_is_written(first: int | str, second: int | str) -> None:
    """A number as text, or a name in other letters, is no second allowance."""

    async def scene() -> list[Call]:
        telegram = Telegram()
        await asyncio.gather(*(telegram.call(chat) for chat in (first, second) * 2))
        return telegram.calls

    assert [call.at for call in virtual_time.run(scene())] == [0, 0, 0, 3]


@pytest.mark.parametrize(
    ("endpoint", "data", "messages"),
    [
        ("sendMessage", {}, 1),
        ("sendPhoto", {}, 1),
        ("sendPoll", {}, 1),
        ("copyMessage", {}, 1),
        ("forwardMessage", {}, 1),
        ("sendMediaGroup", {"media": ("a", "b")}, 2),
        ("copyMessages", {"message_ids": [1, 2, 3]}, 3),
        ("forwardMessages", {"message_ids": [1, 2, 3]}, 3),
        ("sendMediaGroup", {"media": list(range(10))}, 3),
        ("sendChatAction", {}, 0),
        ("sendMessageDraft", {}, 0),
        ("editMessageText", {}, 0),
        ("deleteMessage", {}, 0),
        ("getChat", {}, 0),
        ("pinChatMessage", {}, 0),
    ],
)
def test_what_counts_as_a_message(endpoint: str, data: dict[str, Any], messages: int) -> None:
    """Whatever puts messages into a chat counts as many (an album fills the chat at most); nothing else counts."""

    async def scene() -> list[float]:
        telegram = Telegram()
        await telegram.call(endpoint=endpoint, **data)
        await asyncio.gather(*(telegram.call(name="after") for _ in range(4 - messages)))
        return telegram.times()[1:]

    assert virtual_time.run(scene()) == [0] * (3 - messages) + [3]


def test_edits_pass_by_the_sends_that_wait() -> None:
    """An edit puts nothing into a chat: it neither waits in the queue nor takes a place."""

    async def scene() -> list[object]:
        telegram = Telegram()
        sends = [asyncio.create_task(telegram.call(name="send")) for _ in range(4)]
        await settle()
        await telegram.call(name="edit", endpoint="editMessageText")
        await asyncio.gather(*sends)
        return [call.name for call in telegram.calls]

    assert virtual_time.run(scene()) == ["send", "send", "send", "edit", "send"]


def test_rate_zero_switches_our_limits_off() -> None:
    """With SEMAX_BOT_MAX_RATE=0 (a local server) nothing waits, not even in a group, until Telegram says so."""

    async def scene() -> Telegram:
        telegram = Telegram(0, refuse=lambda call: 2.5 if call.name == "refused" and call.at == 0 else None)
        await asyncio.gather(*(telegram.call(GROUP) for _ in range(100)))
        assert now() == 0
        await asyncio.gather(telegram.call(GROUP, name="refused"), telegram.call(ALICE))
        await telegram.call(GROUP, name="after")
        assert telegram.limiter._chats == {}
        return telegram

    telegram = virtual_time.run(scene())
    assert telegram.times(GROUP) == [0] * 101 + [2.5, 2.5]
    assert telegram.times(ALICE) == [0]


def test_answers_go_before_prompts() -> None:
    """A person who asks during a broadcast is answered with the next free place, not behind a thousand prompts."""

    async def scene() -> list[object]:
        telegram = Telegram(max_rate=2)
        prompts = [asyncio.create_task(telegram.call(chat, Lane.PROMPT, name=chat)) for chat in range(10, 16)]
        await asyncio.sleep(0.5)
        answers = [asyncio.create_task(telegram.call(chat, name=chat)) for chat in (ALICE, BORIS, CLARA)]
        await asyncio.gather(*prompts, *answers)
        return [call.name for call in telegram.calls]

    assert virtual_time.run(scene()) == [10, 11, ALICE, BORIS, CLARA, 12, 13, 14, 15]


def test_answers_go_first_within_a_chat_too() -> None:
    """Where prompts and answers wait for the same chat, the person's answer is first; each lane keeps its order."""

    async def scene() -> list[object]:
        telegram = Telegram()
        lanes = [Lane.PROMPT] * 5 + [Lane.ANSWER] * 2
        await asyncio.gather(*(telegram.call(GROUP, lane, name=place) for place, lane in enumerate(lanes)))
        return [call.name for call in telegram.calls]

    assert virtual_time.run(scene()) == [0, 1, 2, 5, 6, 3, 4]


def test_a_full_chat_stops_no_other() -> None:
    """Sends that wait for their own chat let everyone else pass, and lose no shared place by it."""

    async def scene() -> Telegram:
        telegram = Telegram(max_rate=5)
        await asyncio.gather(
            *(telegram.call(ALICE) for _ in range(50)), *(telegram.call(chat) for chat in (BORIS, CLARA))
        )
        return telegram

    telegram = virtual_time.run(scene())
    assert telegram.times(BORIS) == telegram.times(CLARA) == [0]
    assert telegram.times(ALICE)[-1] == 48


def test_a_slow_chat_stops_no_other() -> None:
    """A chat whose calls hang takes its own three places, no more."""

    async def scene() -> Telegram:
        telegram = Telegram(max_rate=5)
        hanging = [asyncio.create_task(telegram.call(ALICE, network=(20, 0))) for _ in range(5)]
        await asyncio.sleep(2)
        await telegram.call(BORIS)
        await asyncio.gather(*hanging)
        return telegram

    telegram = virtual_time.run(scene())
    assert telegram.times(BORIS) == [2]
    assert telegram.times(ALICE) == [20, 20, 20, 43, 43]


def test_whoever_gives_up_frees_the_place() -> None:
    """A call that is cancelled while it waits is never made, and those behind it move up."""

    async def scene() -> Telegram:
        telegram = Telegram(max_rate=1)
        calls = [asyncio.create_task(telegram.call(chat, name=chat)) for chat in (ALICE, BORIS, BORIS, CLARA)]
        await asyncio.sleep(0.5)
        calls[1].cancel()
        ended = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(end) for end in ended] == [bool, asyncio.CancelledError, bool, bool]
        return telegram

    assert [(call.name, call.at) for call in virtual_time.run(scene()).calls] == [(ALICE, 0), (BORIS, 1), (CLARA, 2)]


@pytest.mark.parametrize("in_the_moment_of_its_turn", [False, True])
def test_an_album_that_gives_up_lets_smaller_ones_pass(in_the_moment_of_its_turn: bool) -> None:
    """Nobody waits on behind an album that is gone; and whoever gives up when the turn just came loses no place."""

    async def scene() -> list[Call]:
        telegram = Telegram(max_rate=5)
        await asyncio.gather(*(telegram.call(chat) for chat in range(10, 13)))
        album = asyncio.create_task(telegram.call(BORIS, endpoint="sendMediaGroup", media=[0] * 5))
        small = asyncio.create_task(telegram.call(CLARA))
        await asyncio.sleep(0.5)
        album.cancel()
        await asyncio.sleep(0)  # the album has heard of it and has passed its turn on, of which `small` has not heard
        if in_the_moment_of_its_turn:
            small.cancel()
        await asyncio.gather(album, small, return_exceptions=True)
        await asyncio.gather(*(telegram.call(chat) for chat in range(20, 25)))
        await asyncio.sleep(1)
        started = now()
        await asyncio.gather(*(telegram.call(chat) for chat in range(30, 35)))
        assert now() == started, "a place was lost for good"
        return telegram.calls[3:-5]

    calls = virtual_time.run(scene())
    assert [call.chat for call in calls] == [CLARA, 20, 21, 22, 23, 24][in_the_moment_of_its_turn:]
    assert [call.at for call in calls] == [0.5, 0.5, 1, 1, 1, 1.5][in_the_moment_of_its_turn:]
