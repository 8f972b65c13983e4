"""The limiter: no limit is ever passed where Telegram counts, nobody waits without need, and 'wait' means wait."""

import asyncio
import warnings
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import timedelta
from itertools import count
from typing import Any, NamedTuple

import pytest
import virtual_time
from hypothesis import given
from hypothesis import strategies as st
from semax_bot.telegram.limiter import AT_ONCE, TRIES, Lane, Limiter, Result
from semax_bot.telegram.request import once_only
from telegram import Bot, Message
from telegram.error import RetryAfter, TimedOut
from telegram.ext import ExtBot
from virtual_time import now

ALICE, BORIS, CLARA, GROUP = 1, 2, 3, -100


@pytest.fixture(autouse=True, scope="module")
def retry_after_in_its_coming_form() -> Iterator[None]:
    """In its old form the library warns of its end whenever a RetryAfter is made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PTB_TIMEDELTA", "true")
        yield


class Call(NamedTuple):
    """What Telegram saw."""

    name: object
    chat: object
    at: float
    messages: int = 1


class Telegram:
    """Makes calls through a limiter, and notes when they came in; `refuse` tells how long a call has to wait."""

    def __init__(self, max_rate: float = 30, refuse: Callable[[Call], float | None] = lambda _: None) -> None:
        self.limiter = Limiter(max_rate)
        self.calls: list[Call] = []
        self._refuse = refuse

    async def call(
        self,
        chat: object = ALICE,
        lane: Lane | None = None,
        *,
        name: object = None,
        endpoint: str = "sendMessage",
        network: tuple[float, float] = (0.0, 0.0),
        **data: Any,
    ) -> Result:
        """One call, of which Telegram hears and answers after so many seconds."""

        async def callback(*_: object) -> Result:
            await asyncio.sleep(network[0])
            call = Call(name, chat, now(), len(data.get("media", "1")))
            self.calls.append(call)
            await asyncio.sleep(network[1])
            if seconds := self._refuse(call):
                raise RetryAfter(timedelta(seconds=seconds))
            return True

        given = data if chat is None else {"chat_id": chat, **data}
        return await self.limiter.process_request(callback, (endpoint, given), {}, endpoint, given, lane)

    def times(self, chat: object = ALICE) -> list[float]:
        """When calls to a chat came in."""
        return [round(call.at, 6) for call in self.calls if call.chat == chat]


def most_within(period: float, calls: Sequence[Call]) -> int:
    """The most messages in any window of so many seconds, by looking at every one."""
    return max(
        (
            sum(call.messages for call in calls if 0 <= call.at - first.at < period - 1e-6)
            for first in calls
        ),
        default=0,
    )


async def settle() -> None:
    """Let everyone run who can, without time passing."""
    for _ in range(10):
        await asyncio.sleep(0)


# ------------------------------------------------------------------------------------------------------ the windows

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


# -------------------------------------------------------------------------------------------------------- who is next


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
        await asyncio.gather(*(telegram.call(ALICE) for _ in range(50)), *(telegram.call(chat) for chat in (BORIS, CLARA)))
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
        return telegram.calls[3:]

    calls = virtual_time.run(scene())
    assert [call.chat for call in calls] == [CLARA, 20, 21, 22, 23, 24][in_the_moment_of_its_turn :]
    assert [call.at for call in calls] == [0.5, 0.5, 1, 1, 1, 1.5][in_the_moment_of_its_turn :]


# ---------------------------------------------------------------------------------------------------- being told to wait


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
    with warnings.catch_warnings(action="ignore"):
        refusals = iter([RetryAfter(3)])

    async def scene() -> float:
        async def callback() -> Result:
            for refusal in refusals:
                raise refusal
            return True

        assert await Limiter().process_request(callback, (), {}, "sendMessage", {"chat_id": ALICE}, None) is True
        return now()

    assert virtual_time.run(scene()) == 3


def test_a_longer_hold_is_not_cut_short() -> None:
    """Of two refusals in flight at the same time, the longer one counts, whichever comes in last."""

    async def scene() -> list[float]:
        telegram = Telegram(refuse=lambda call: {"long": 9, "short": 1}[str(call.name)] if call.at < 1 else None)
        await asyncio.gather(
            telegram.call(name="long"), telegram.call(name="short", network=(0.5, 0))
        )
        return telegram.times()

    assert virtual_time.run(scene()) == [0, 0.5, 9, 9.5]


def test_several_refused_chats_hold_everything() -> None:
    """When Telegram refuses three chats at once, it means us: all chats wait until the longest of the three waits ends."""
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


@pytest.mark.parametrize(("chats", "gap"), [((ALICE, BORIS), 0.0), ((ALICE, BORIS, CLARA), AT_ONCE), ((ALICE,) * 3, 0.0)])
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


# --------------------------------------------------------------------------------------------------------- the rest


def test_idle_chats_are_forgotten() -> None:
    """Ten thousand chats leave nothing behind once their windows are empty; a held chat stays until its time is up."""

    async def scene() -> None:
        telegram = Telegram(max_rate=5000, refuse=lambda call: 90 if (call.chat, call.at) == (ALICE, 0) else None)
        chats = telegram.limiter._chats
        held = asyncio.create_task(telegram.call(ALICE))
        await asyncio.gather(*(telegram.call(-chat) for chat in range(1, 10_001)))
        held.cancel()
        assert len(chats) == 10_001
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


@pytest.mark.parametrize(
    ("endpoint", "lane", "marked"),
    [
        ("sendMessage", Lane.PROMPT, True),
        ("sendPhoto", Lane.PROMPT, True),
        ("sendMessage", Lane.ANSWER, False),
        ("sendMessage", None, False),
        ("editMessageText", Lane.PROMPT, False),
    ],
)
def test_only_prompts_are_marked_to_be_sent_once(endpoint: str, lane: Lane | None, marked: bool) -> None:
    """The request below learns from the lane what it must not send twice; the mark ends with the call."""

    async def scene() -> bool:
        async def callback() -> Result:
            return once_only()

        result = await Limiter().process_request(callback, (), {}, endpoint, {"chat_id": ALICE}, lane)
        assert not once_only()
        assert isinstance(result, bool)
        return result

    assert virtual_time.run(scene()) is marked


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
