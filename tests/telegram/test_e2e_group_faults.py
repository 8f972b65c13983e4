"""Groups end to end where the network fails, lies late, or moves: nothing is said twice, and no vote is lost."""

import asyncio
import threading
from typing import Any

import pytest

from running import Running
from semax_bot.telegram import request
from semax_bot.telegram.faults import NoAnswer
from semax_bot.tutor import inbox
from standin.channels import Channel
from standin.chats import Refusal
from standin.learner import Learner
from standin.people import Talk, user
from standin.records import rows
from standin.server import StandIn

LOST = Refusal(502, "Bad Gateway")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults of the network are tried again at once."""
    monkeypatch.setattr(request, "PAUSES", (0, 0, 0))


@pytest.fixture
def alice(standin: StandIn) -> Learner:
    """The first member of a new group."""
    return Learner.group(standin)


def moved_to(old: Learner) -> tuple[Learner, Refusal]:
    """The supergroup that a group became, and what Telegram says to whoever writes to the old one."""
    new = Learner(old.standin, Talk.group(old.standin).chat, old.member)
    old.standin.chats.add(new.chat, {"from": old.member, "text": "here we are"})
    refusal = Refusal(400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": new.id})
    return new, refusal


def test_a_group_that_moves_while_it_is_asked(standin: StandIn, running: Running) -> None:
    """The opening and the question come once, in the new chat, and so does the end of the round."""
    old = Learner(standin, {"id": -user()["id"], "type": "group", "title": "Study group"}, user("Alice"))
    new, refusal = moved_to(old)
    standin.fail("sendMessage", refusal, old.id)
    old.says("/quiz 2")
    question = new.asked()
    assert len(new.said) == 1
    new.answers(question)
    running.passes(31)
    new.asked()
    running.passes(31)
    assert new.ended_round()["text"].startswith("Scoreboard")
    assert old.unheard() == []


@pytest.mark.usefixtures("quick", "running")
def test_a_round_begins_although_its_opening_was_lost_once(standin: StandIn, alice: Learner) -> None:
    """A line said twice harms nobody; a round that never comes does."""
    standin.fail("sendMessage", LOST, alice.id)
    alice.starts("/quiz 1")
    assert len(alice.said) == 1


def test_a_board_whose_arrival_is_not_known_is_not_repeated(
    standin: StandIn, running: Running, alice: Learner, quick: None
) -> None:
    """Telegram may have it although its answer was lost; to send it again would show it twice."""
    alice.answers(alice.starts("/quiz 1"))
    standin.wait(lambda: rows(running.folder, "SELECT 1 FROM vote"))
    standin.fail("sendMessage", LOST, alice.id, done=True)
    running.passes(31)
    assert alice.hears()["text"].startswith("Scoreboard")
    alice.says("/stop")
    standin.wait(lambda: rows(running.folder, "SELECT 1 FROM delivery WHERE state = 'sending'"))
    assert not any(message["text"].startswith("Scoreboard") for message in alice.unheard())


def test_a_vote_that_overtakes_the_news_of_its_poll(
    standin: StandIn, running: Running, alice: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody quick votes before we have noted that the question stands; the vote counts all the same."""
    deliveries, noted = running.tutor.deliveries, threading.Event()
    report = deliveries.sent

    async def late(*args: Any) -> None:
        await asyncio.to_thread(noted.wait)
        await report(*args)

    monkeypatch.setattr(deliveries, "sent", late)
    vote = alice.answers(alice.starts("/quiz 1"))
    standin.wait(lambda: standin.confirmed >= vote)
    Learner.private(standin).asks("/help")  # by then the vote was looked at
    noted.set()
    standin.wait(lambda: rows(running.folder, "SELECT 1 FROM vote"))


def test_a_vote_whose_poll_was_noted_after_it_came(
    standin: StandIn, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In private too: where it belongs was not known when it was kept, and is when its turn comes."""

    async def unknown(*_: Any) -> None:
        return None

    monkeypatch.setattr(inbox, "_chat_of", unknown)
    anna = Learner.private(standin)
    question = anna.starts("/quiz 2")
    standin.wait(lambda: rows(running.folder, "SELECT 1 FROM asked WHERE poll IS NOT NULL"))
    anna.answers(question)
    anna.asked()


@pytest.mark.usefixtures("quick")
def test_who_is_what_cannot_be_learnt(standin: StandIn, running: Running, alice: Learner) -> None:
    """Nobody is taken for a stranger because the network failed: neither an admin, nor who looks after a channel."""
    standin.fail("getChatMember", LOST, alice.id, times=8)
    Learner(standin, alice.chat, user("Boris")).says("/quiz 1")
    alice.asked()
    for command in ("/daily 09:00", "/stop"):
        assert alice.asks(command)["text"] == str(NoAnswer())
    olga = Learner.private(standin)
    olga.asks("/start")
    channel = Channel(standin, olga, -1_002_000_000_000 - olga.id)
    channel.lets_in()
    page = olga.hears()
    standin.fail("getChatMember", LOST, channel.id, times=4)
    assert olga.alerts(olga.taps(page, f"ch:when:question:{channel.id}"))["text"] == str(NoAnswer())
    assert rows(running.folder, "SELECT 1 FROM keeper")
