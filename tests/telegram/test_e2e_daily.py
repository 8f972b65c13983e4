"""Daily questions end to end: set by command and button, asked by a clock that is moved, put off, stopped, taken up."""

from datetime import timedelta
from typing import Any

import pytest

from clock import START
from running import Running
from semax_bot.errors import StoreError
from semax_bot.reply import Reply
from semax_bot.telegram.daily import ADMINS_ONLY
from semax_bot.tutor.daily import STOPPED, STOPPED_GROUP
from semax_bot.tutor.prompts import SILENCE
from standin.channels import member
from standin.chats import BOT, Message, Refusal
from standin.learner import Learner, key
from standin.people import Talk, buttons, user
from standin.server import StandIn

DAY = timedelta(days=1)
NOON = START + timedelta(hours=3)
BLOCKED = Refusal(403, "Forbidden: bot was blocked by the user")


@pytest.fixture
def alice(standin: StandIn, running: Running) -> Learner:
    """Somebody who wants a question at noon, UTC."""
    talk = Learner.private(standin)
    talk.asks("/daily 12:00 UTC")
    return talk


@pytest.fixture
def group(standin: StandIn, running: Running) -> Learner:
    """A group that one of its administrators has told to ask at noon, UTC."""
    talk = Learner.group(standin)
    ranks(talk, talk.member, "administrator")
    assert "12:00" in talk.asks("/daily 12:00 UTC")["text"]
    return talk


def ranks(talk: Talk, person: Message, status: str) -> None:
    """Give somebody a place in a chat."""
    talk.standin.chats.members[talk.id, person["id"]] = member(person, status)


def prompt(running: Running, alice: Learner, day: int = 0) -> Message:
    """Let it be noon; returns the question that comes."""
    running.at(NOON + day * DAY)
    return alice.asked()


def settled(alice: Learner, question: Message) -> None:
    """Wait until the bot knows that its question stands; whoever reads takes longer than that."""
    alice.answers(question)
    alice.standin.wait(lambda: any(data.startswith("slip:") for data in buttons(question)))


def test_a_question_each_day_and_more_if_wanted(running: Running, alice: Learner) -> None:
    """It comes by itself with one line of context, can be put off, and is answered like any other."""
    first = prompt(running, alice)
    assert first["poll"]["description"]
    assert [data.split(":")[:2] for data in buttons(first)][1:] == [["later", "when"], ["later", "stop"]]
    settled(alice, first)
    end = alice.hears()
    while "Question of the day" not in end["text"]:
        end = alice.hears()
    alice.taps(end, "quiz:")
    assert "poll" in alice.hears()
    assert alice.unheard() == []
    second = prompt(running, alice, 1)
    assert second["poll"]["description"] != first["poll"]["description"]


def test_put_off_and_stopped(running: Running, alice: Learner) -> None:
    """'Later' offers what there is at that hour; the poll that was put off is closed; 'Stop' is the last one."""
    first = prompt(running, alice)
    number = buttons(first)[0].partition(":")[2]
    alice.taps(first, f"later:when:{number}")
    alice.standin.wait(lambda: f"later:evening:{number}" in buttons(first))
    alice.taps(first, f"later:back:{number}")
    alice.standin.wait(lambda: f"later:stop:{number}" in buttons(first))
    tap = alice.taps(first, f"later:hour:{number}")
    assert alice.alerts(tap)["text"] == "I will ask again at 13:00."
    alice.standin.wait(lambda: first["poll"]["is_closed"])
    running.at(NOON + timedelta(hours=1))
    second = alice.asked()
    number = buttons(second)[0].partition(":")[2]
    assert alice.alerts(alice.taps(second, f"later:stop:{number}"))["text"] == STOPPED
    running.has_looked(NOON + DAY)
    assert alice.unheard() == []


def test_buttons_arrange_it(running: Running, standin: StandIn) -> None:
    """Time and zone by tapping alone; the page stays one message."""
    talk = Learner.private(standin)
    page = talk.asks("/daily")
    talk.taps(page, "daily:at:08:00")
    standin.wait(lambda: "daily:zone:Europe/Berlin" in buttons(page))
    talk.taps(page, "daily:zone:Europe/Berlin")
    standin.wait(lambda: "Berlin" in page["text"])
    assert "every day at 08:00" in page["text"].lower()
    talk.taps(page, "daily:off:")
    standin.wait(lambda: page["text"] == STOPPED)
    assert talk.alerts(talk.taps(page, "daily:zone:Mars/Olympus"))["text"]


def test_who_blocks_us_is_left_alone_until_they_return(running: Running, alice: Learner, standin: StandIn) -> None:
    """Switched off at once; on again with the update that tells of the return."""
    standin.fail("sendPoll", BLOCKED, alice.id)
    running.at(NOON)
    standin.wait(lambda: standin.made("sendPoll", alice.id))
    running.has_looked(NOON + DAY)
    assert len(standin.made("sendPoll", alice.id)) == 1
    news = {"chat": alice.chat, "from": alice.member, "date": 0}
    changed = {"old_chat_member": member(BOT, "kicked"), "new_chat_member": member(BOT, "member")}
    standin.push("my_chat_member", news | changed)
    alice.asks("/help")
    assert "poll" in prompt(running, alice, 2)


def test_seven_ignored(running: Running, alice: Learner, standin: StandIn) -> None:
    """Each is closed by the next; then one question whether to go on, and silence until it is answered."""
    questions = [prompt(running, alice, day) for day in range(7)]
    standin.wait(lambda: all(question["poll"]["is_closed"] for question in questions[:-1]))
    running.at(NOON + 7 * DAY)
    asked = alice.hears()
    assert SILENCE.blocks[0].text in asked["text"]  # type: ignore[union-attr]  # a Text
    running.has_looked(NOON + 8 * DAY)
    assert alice.unheard() == []
    alice.taps(asked, "daily:on:")
    standin.wait(lambda: "tomorrow" in asked["text"])
    assert "poll" in prompt(running, alice, 9)


def test_a_group_gets_a_question_and_its_result(running: Running, group: Learner) -> None:
    """Everybody answers the same poll; a day later they read how it went, and what the evidence is."""
    running.at(NOON)
    question = group.asked()
    assert not question["poll"]["is_anonymous"]
    assert buttons(question) == []
    settle = Learner(group.standin, group.chat, user("Boris"))
    settle.votes(question, key(question))
    wrong = next(place for place in range(len(question["poll"]["options"])) if place not in key(question))
    Learner(group.standin, group.chat, user("Clara")).votes(question, [wrong])
    group.asks(f"/help@{BOT['username']}")
    running.at(NOON + DAY - timedelta(minutes=1))
    result = group.hears()
    assert "2 people answered, 50% of them right." in result["text"]
    assert "Evidence:" in result["text"]
    assert question["poll"]["is_closed"]
    running.at(NOON + DAY)
    assert group.asked()["poll"]["question"] != question["poll"]["question"]


def test_only_admins_arrange_it_for_a_group(running: Running, group: Learner) -> None:
    """Others are told so, whether they write or tap; an admin who stays anonymous may."""
    guest = user("Guest")
    ranks(group, guest, "member")
    talk = Learner(group.standin, group.chat, guest)
    page = group.asks("/daily")
    assert talk.alerts(talk.taps(page, "daily:off:"))["text"] == ADMINS_ONLY
    talk.says("/daily off")
    assert group.hears()["text"] == ADMINS_ONLY
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    group.posts(
        text="/daily off",
        entities=[{"type": "bot_command", "offset": 0, "length": 6}],
        **{"from": anonymous, "sender_chat": group.chat},
    )
    assert group.hears()["text"] == STOPPED_GROUP


def test_what_cannot_be_stored_now_is_done_later(
    running: Running, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is no answer to a wish: it is kept, and done with whatever comes once there is room."""
    daily, faults = running.tutor.daily, [StoreError("the disk is full")]
    hear = daily.hear

    async def failing(*args: Any) -> Reply:
        if faults:
            raise faults.pop()
        return await hear(*args)

    monkeypatch.setattr(daily, "hear", failing)
    talk = Learner.private(standin)
    assert "disk" not in talk.asks("/daily 08:30")["text"]
    Learner.private(standin).asks("/help")
    assert "08:30" in talk.hears()["text"]
