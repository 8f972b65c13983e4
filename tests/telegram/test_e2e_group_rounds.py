"""Groups end to end: rounds by the clock, many people at once, and a group that moves, mutes or throws us out."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from clock import START
from running import Running
from semax_bot.telegram import group
from semax_bot.tutor.groups import NO_ROUND, RUNNING, NotYours
from standin.channels import member as place
from standin.chats import BOT, NOW, Message, Refusal
from standin.learner import Learner, key
from standin.people import Talk, buttons, user
from standin.records import rows
from standin.server import StandIn

NAME = BOT["username"]
KICKED = Refusal(403, "Forbidden: bot was kicked from the supergroup chat")
MUTED = Refusal(400, "Bad Request: not enough rights to send polls to the chat")


@pytest.fixture
def alice(standin: StandIn) -> Learner:
    """The first member of a new group."""
    return Learner.group(standin)


def crowd(talk: Talk, count: int) -> list[Learner]:
    """More members of the same group."""
    return [member(talk, f"Member {number}") for number in range(count)]


def member(talk: Talk, name: str, **more: Any) -> Learner:
    """One more member, by this name."""
    return Learner(talk.standin, talk.chat, user(name, **more))


def becomes(standin: StandIn, talk: Talk, old: str, new: str) -> None:
    """Another status of ours in a group."""
    news = {"old_chat_member": place(BOT, old), "new_chat_member": place(BOT, new)}
    standin.push("my_chat_member", {"chat": talk.chat, "from": talk.member, "date": NOW, **news})


def votes(running: Running, home: Talk) -> list[dict[str, Any]]:
    """The votes in a group that are stored."""
    return rows(running.folder, "SELECT * FROM vote WHERE home = :home", home=str(home.id))


def voted(running: Running, homes: list[Learner], count: int) -> bool:
    """Whether so many votes are stored in these groups together."""
    return sum(len(votes(running, one)) for one in homes) == count


def lines(board: Message) -> list[str]:
    """The lines of people on a board."""
    return [line for line in board["text"].splitlines() if line[0].isdigit() and " · " in line]


def test_thirty_members_answer_at_once(standin: StandIn, running: Running, alice: Learner) -> None:
    """The job itself: polls that close by themselves and show who voted, everybody counted, then board and card."""
    people = crowd(alice, 30)
    first = alice.starts("/quiz 2 20s")
    assert alice.said == ("2 questions for everybody here, 20 seconds each. The first comes now.",)
    for one in people:
        one.answers(first)
    standin.wait(lambda: len(votes(running, alice)) == 30)
    running.passes(21)
    second = alice.asked()
    for number, one in enumerate(people):
        one.answers(second, right=number % 3 == 0)
    standin.wait(lambda: len(votes(running, alice)) == 60)
    running.passes(21)
    board = alice.ended_round()
    assert board["text"].startswith("Scoreboard · 2 questions\n1. ")
    assert len(lines(board)) == 20
    assert [line[: line.index(".")] for line in lines(board)] == ["1"] * 10 + ["11"] * 10
    assert "and 10 more" in board["text"]
    assert "30 people answered." in board["text"]
    assert "Alice" not in board["text"]
    assert any(data.startswith("evidence:") for data in buttons(alice.hears()))
    calls = [call.params for call in standin.made("sendPoll", alice.id)]
    assert {(call["open_period"], call["is_anonymous"].lower(), call["type"]) for call in calls} == {
        ("20", "false", "quiz")
    }
    assert alice.unheard() == []


def test_two_groups_and_ten_private_rounds_at_once(standin: StandIn, running: Running) -> None:
    """Twelve rounds side by side share nothing, not even for people who are in several."""
    groups = [Learner.group(standin) for _ in range(2)]
    alone = [Learner.private(standin) for _ in range(10)]
    together = [[Learner(standin, one.chat, each.member) for each in alone] for one in groups]
    for talk in (*groups, *alone):
        talk.says("/quiz 2 30s" if talk in groups else "/quiz 2")
    for count in (20, 40):
        questions = [one.asked() for one in groups]
        for learner in alone:
            learner.answers(learner.asked())
        for right, question, people in zip((True, False), questions, together, strict=True):
            for one in people:
                one.answers(question, right=right)
        standin.wait(partial(voted, running, groups, count))
        running.passes(31)
    for learner in alone:
        assert "2 of 2 right" in learner.ended()["text"]
    good, bad = (lines(one.ended_round()) for one in groups)
    assert {line.split(", ")[1] for line in good} == {"2 of 2 right"}
    assert {line.split(", ")[1] for line in bad} == {"0 of 2 right"}


@pytest.mark.parametrize("told", ["by messages", "by a refusal"])
def test_a_group_becomes_a_supergroup_in_mid_round(standin: StandIn, running: Running, told: str) -> None:
    """The round goes on in the new chat, and the earlier answers stay on its board."""
    old_chat = {"id": -user()["id"], "type": "group", "title": "Study group"}
    old = Learner(standin, old_chat, user("Alice"))
    new = Learner(standin, Talk.group(standin).chat, old.member)
    old.answers(old.starts("/quiz 2"))
    standin.wait(lambda: len(votes(running, old)) == 1)
    new.posts(migrate_from_chat_id=old.id) if told == "by messages" else new.posts(text="here we are")
    if told == "by messages":
        old.posts(migrate_to_chat_id=new.id)
        standin.wait(lambda: votes(running, new))
    moved = Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": new.id})
    standin.fail("sendPoll", moved, old.id)
    running.passes(31)
    new.answers(new.asked())
    standin.wait(lambda: len(votes(running, new)) == 2)
    running.passes(31)
    assert lines(new.ended_round()) == ["1. Alice · 30 points, 2 of 2 right"]
    assert old.unheard()[2:] == []


@pytest.mark.parametrize("status", ["kicked", "left"])
def test_it_is_thrown_out_in_mid_round(standin: StandIn, running: Running, alice: Learner, status: str) -> None:
    """The round is over without a word; let in again it greets, and a new one can start."""
    alice.starts("/quiz 3")
    becomes(standin, alice, "member", status)
    standin.wait(lambda: rows(running.folder, "SELECT 1 FROM group_round WHERE ended_at IS NOT NULL"))
    running.has_looked(START + timedelta(minutes=10))
    assert len(standin.made("sendPoll", alice.id)) == 1
    becomes(standin, alice, status, "member")
    assert f"/ask@{NAME}" in alice.hears()["text"]
    alice.starts("/quiz 3")


@pytest.mark.parametrize("refusal", [KICKED, MUTED], ids=["kicked", "muted"])
def test_a_refusal_in_mid_round_ends_it(standin: StandIn, running: Running, alice: Learner, refusal: Refusal) -> None:
    """Should the news of it be lost, the refused question tells as much; nothing is sent in vain for long."""
    alice.starts("/quiz 3")
    standin.fail("sendPoll", refusal, alice.id)
    running.passes(31)
    standin.wait(lambda: rows(running.folder, "SELECT 1 FROM group_round WHERE ended_at IS NOT NULL"))
    alice.starts("/quiz 3")


def test_it_greets_once(standin: StandIn, running: Running, alice: Learner) -> None:
    """Added: what it does and what reaches it. A promotion later is nothing to talk about."""
    del running
    alice.posts(new_chat_members=[BOT])
    becomes(standin, alice, "left", "member")
    greeting = alice.hears()["text"]
    assert all(f"/{command}@{NAME}" in greeting for command in ("ask", "quiz", "daily", "leaderboard", "help"))
    assert "Telegram shows me only commands" in greeting
    becomes(standin, alice, "member", "administrator")
    becomes(standin, alice, "administrator", "member")
    assert "DOPAC" in alice.asks("/ask what is DOPAC?")["text"]
    admin = Learner.group(standin)
    admin.posts(new_chat_members=[BOT])
    becomes(standin, admin, "left", "administrator")
    assert "leave the rest of the talk alone" in admin.hears()["text"]


def test_an_anonymous_admin(standin: StandIn, running: Running, alice: Learner) -> None:
    """Such an admin may start and stop, votes as the group, and is on no board."""
    anonymous = {"from": user("Group", is_bot=True, username="GroupAnonymousBot"), "sender_chat": alice.chat}
    alice.says("/quiz 2", **anonymous)
    question = alice.asked()
    alice.tells(question, key(question), user=None, voter_chat=alice.chat)
    alice.tells(question, [], user=None, voter_chat=alice.chat)
    standin.wait(lambda: rows(running.folder, "SELECT 1 FROM post WHERE others = 1"))
    assert alice.asks("/stop")["text"] == str(NotYours())
    assert not question["poll"]["is_closed"]
    alice.says("/stop", **anonymous)
    board = alice.ended_round()["text"]
    assert "1 vote came from a chat." in board
    assert question["poll"]["is_closed"]
    assert rows(running.folder, "SELECT 1 FROM attempt") == []
    assert alice.asks("/stop")["text"] == NO_ROUND


def test_names_of_all_kinds(standin: StandIn, running: Running, alice: Learner) -> None:
    """HTML, overrides, line breaks, nothing to see, no username: each stands on one line, as plain text."""
    names = ["<b>x</b> & co", "\u202eevil", "two\nlines", "\u3164", "שלום"]
    question = alice.starts("/quiz 1")
    for name in names:
        member(alice, name).answers(question)
    standin.wait(lambda: len(votes(running, alice)) == len(names))
    running.passes(31)
    shown = sorted(line.split(" · ")[0] for line in lines(alice.ended_round()))
    assert shown == sorted(
        f"1. {name}" for name in ("<b>x</b> & co", "evil", "two lines", "Somebody", "\u2068שלום\u2069")
    )


def test_only_one_round_and_only_its_own_people_stop_it(standin: StandIn, running: Running, alice: Learner) -> None:
    """A second round is not begun; whoever did not start the first cannot end it."""
    bob = member(alice, "Bob")
    question = alice.starts("/quiz 3")
    alice.answers(question, right=False)
    standin.wait(lambda: votes(running, alice))
    bob.says("/quiz")
    assert alice.hears()["text"] == RUNNING
    bob.says("/stop")
    assert alice.hears()["text"] == str(NotYours())
    alice.says("/stop")
    board = alice.ended_round()
    assert lines(board) == ["1. Alice · 0 points, 0 of 1 right"]
    assert question["poll"]["is_closed"]


def test_the_leaderboard_and_its_buttons(standin: StandIn, running: Running, alice: Learner) -> None:
    """This week first; the other stretch is one tap away, in the same message; in private it says where boards are."""
    alice.answers(alice.starts("/quiz 1"))
    standin.wait(lambda: votes(running, alice))
    running.passes(31)
    alice.ended_round()
    running.passes(8 * 86_400)
    board = alice.asks(f"/leaderboard@{NAME}")
    assert "Nobody has answered here this week" in board["text"]
    alice.taps(board, "lead:all")
    standin.wait(lambda: "1. Alice · 15 points" in board["text"])
    alice.taps(board, "lead:week")
    standin.wait(lambda: "Alice" not in board["text"])
    alone = Learner.private(standin)
    assert alone.asks("/leaderboard")["text"] == group.IN_GROUPS


def test_topics_run_rounds_of_their_own(standin: StandIn, running: Running) -> None:
    """Questions and boards come in the topic where somebody asked for them."""
    here = Learner.group(standin, 7)
    here.says("/quiz 1")
    poll = here.asked()
    there = Learner(standin, here.chat, here.member, 8)
    there.says("/quiz 1")
    other = there._next(lambda message: "poll" in message and message != poll)
    assert (poll["message_thread_id"], other["message_thread_id"]) == (7, 8)
    here.answers(poll)
    standin.wait(lambda: votes(running, here))
    running.passes(31)
    boards = [here.ended_round(), here.ended_round()]
    assert {board["message_thread_id"]: "Alice" in board["text"] for board in boards} == {7: True, 8: False}
