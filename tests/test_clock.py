"""The clock: it goes on whatever happens, keeps to a few sends at a time, and finishes what it has begun."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest
import structlog

import virtual_time
from semax_bot.clock import AT_ONCE, LONGEST_PAUSE, TICK, Clock
from semax_bot.errors import StoreError
from semax_bot.tutor import Tutor
from semax_bot.tutor.values import Delivery, Due

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Deliveries:
    """What is due, as a tutor would tell; a fault in place of it is raised."""

    def __init__(self, *prompts: int, fault: Exception | None = None, times: int = 0) -> None:
        self.left = list(prompts)
        self.fault, self.times = fault, times
        self.most = self.under_way = 0
        self.looks: list[float] = []

    async def claim(self, urgent: bool, limit: int) -> list[Due]:
        """Up to so many that are due."""
        self.looks.append(virtual_time.now())
        await asyncio.sleep(0)
        if self.fault and self.times:
            self.times -= 1
            raise self.fault
        taken, self.left = ([], self.left) if urgent else (self.left[:limit], self.left[limit:])
        return [Due(number, "subscription", number, NOON) for number in taken]

    async def begin(self, one: Due) -> Delivery | None:
        """Its delivery; every fifth has come to nothing, every seventh is broken."""
        if one.ref % 7 == 0:
            raise RuntimeError("what somebody wrote")
        return None if one.ref % 5 == 0 else Delivery(one.ref, str(one.ref))


def run(deliveries: Deliveries, seconds: float, takes: float = 0.2) -> list[str]:
    """Let the clock run so long; the chats that were sent to, in order."""
    sent: list[str] = []

    async def send(delivery: Delivery) -> None:
        deliveries.under_way += 1
        deliveries.most = max(deliveries.most, deliveries.under_way)
        await asyncio.sleep(takes)
        deliveries.under_way -= 1
        sent.append(delivery.chat)

    async def scene() -> None:
        clock = Clock(cast(Tutor, SimpleNamespace(deliveries=deliveries)), send)
        clock.start()
        await asyncio.sleep(seconds)
        await clock.stop()

    virtual_time.run(scene())
    return sent


def test_all_that_is_due_is_sent_a_few_at_a_time() -> None:
    """Each once; one that leads to nothing, or breaks, stands in nobody's way."""
    deliveries = Deliveries(*range(1, 101))
    with structlog.testing.capture_logs() as lines:
        sent = run(deliveries, 10)
    assert sorted(map(int, sent)) == [number for number in range(1, 101) if number % 5 and number % 7]
    assert deliveries.most == AT_ONCE
    assert {line["fault"] for line in lines} == {"RuntimeError"}
    assert "somebody" not in str(lines)


def test_what_leads_to_nothing_does_not_end_it() -> None:
    """A whole batch may be over before anybody waits for it."""
    deliveries = Deliveries(*range(5, 5 * (3 * AT_ONCE + 1), 35), *[5] * AT_ONCE * 2, 1)
    assert run(deliveries, 5) == ["1"]


@pytest.mark.parametrize("fault", [StoreError("the disk is full"), RuntimeError("a bug"), ValueError("another")])
def test_no_fault_ends_it(fault: Exception) -> None:
    """It looks again after growing pauses, and says so in one line each that quotes nobody."""
    deliveries = Deliveries(1, fault=fault, times=3)
    with structlog.testing.capture_logs() as lines:
        assert run(deliveries, 60) == ["1"]
    assert [line["next_try"] for line in lines] == ["1 s", "2 s", "4 s"]
    assert all(("the disk is full" in line["fault"]) == isinstance(fault, StoreError) for line in lines)
    assert "bug" not in str(lines)


def test_it_looks_twice_a_second_and_rarely_while_nothing_works() -> None:
    """A clock that hammers a store in trouble would make it worse."""
    deliveries = Deliveries()
    run(deliveries, 10)
    assert len(deliveries.looks) == pytest.approx(2 * 10 / TICK, abs=4)
    broken = Deliveries(fault=StoreError("gone"), times=10_000)
    with structlog.testing.capture_logs():
        run(broken, 600)
    assert len(broken.looks) < 600 / LONGEST_PAUSE + 8


def test_what_has_begun_is_sent_before_it_stops() -> None:
    """It would not be sent again."""
    assert sorted(run(Deliveries(1, 2, 3), 0.6, takes=3)) == ["1", "2", "3"]
