"""The connections: few calls on their way at a time, yet nobody waits for somebody else's slow answer."""

import asyncio
import sys
from typing import Any

import pytest
from telegram.request import HTTPXRequest

import virtual_time
from semax_bot.telegram.connections import AT_ONCE, LONG, Answers, Updates
from virtual_time import now


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """A server that answers each address after the given seconds, and 0.01 s otherwise."""
    given: dict[str, float] = {}

    async def respond(self: HTTPXRequest, url: str, *_: Any) -> tuple[int, bytes]:
        await asyncio.sleep(given.get(url, 0.01))
        return 200, b""

    monkeypatch.setattr(HTTPXRequest, "do_request", respond)
    return given


def finished(rate: float, urls: list[str]) -> list[tuple[str, float]]:
    """The calls in the order in which they were answered, and when."""

    async def scene() -> list[tuple[str, float]]:
        answers, done = Answers(rate), []

        async def call(url: str) -> None:
            await answers.do_request(url, "POST")
            done.append((url, round(now(), 3)))

        await asyncio.gather(*(call(url) for url in urls))
        await answers.shutdown()
        return done

    return virtual_time.run(scene())


def test_a_crowd_of_calls_goes_in_small_groups(seconds: dict[str, float]) -> None:
    """All at once would cost several times the CPU for the same answers."""
    calls = finished(0, ["quick"] * (2 * AT_ONCE))
    assert [when for _, when in calls] == [0.01] * AT_ONCE + [0.02] * AT_ONCE


def test_a_slow_call_gives_its_place_to_the_next(seconds: dict[str, float]) -> None:
    """Some chats' answers may take seconds; the others' must not."""
    seconds["slow"] = 8
    calls = finished(0, ["slow"] * AT_ONCE + ["quick"])
    assert calls[0] == ("quick", LONG + 0.01)
    assert calls[1:] == [("slow", 8)] * AT_ONCE


def test_more_calls_go_at_once_where_the_rate_needs_it(seconds: dict[str, float]) -> None:
    """An operator whose limit is 1,000 a second must get that, however far away the server is."""
    seconds["far"] = LONG
    calls = finished(1000, ["far"] * 1000)
    assert max(when for _, when in calls) <= 1.0 + LONG


def test_a_cancelled_call_leaves_its_place(seconds: dict[str, float]) -> None:
    """Places that get lost would end in silence."""
    seconds["never"] = 3600

    async def scene() -> float:
        answers = Answers(0)
        for _ in range(AT_ONCE * 2):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(answers.do_request("never", "POST"), LONG / 2)
        before = now()
        await answers.do_request("quick", "POST")
        await answers.shutdown()
        return now() - before

    assert virtual_time.run(scene()) == pytest.approx(0.01)


async def test_the_ids_of_updates_are_known_before_they_are_read() -> None:
    """An update that the library cannot read can only be passed by if its id is known."""
    updates = Updates()
    updates.parse_json_payload(b'{"ok": true, "result": [{"update_id": 5, "message": {}}, {"update_id": 6}]}')
    assert updates.fetched == [5, 6]
    updates.parse_json_payload(b'{"ok": true, "result": true}')
    assert updates.fetched == []
    await updates.shutdown()


def test_the_disk_is_not_searched_at_every_call() -> None:
    """Either sniffio is there, or Python knows that it is not; anything else costs a quarter of every call."""
    assert "sniffio" in sys.modules
