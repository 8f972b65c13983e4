"""What a bot that died leaves behind: rounds go on, each answer counts once, whatever moment the end came at.

`make chaos` runs more cycles of the last test (environment variable CHAOS).
"""

import json
import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from threading import Timer

import pytest

from semax_bot.telegram.poll import NOT_NOW
from standin.chats import Message
from standin.learner import Learner, key, wrong
from standin.process import BotProcess
from standin.records import FILE, attempts, rows
from standin.server import StandIn

Start = Callable[[Path], BotProcess]
CYCLES = int(os.environ.get("CHAOS", "5"))
SOON = 60  # calls from the start of the process, of which it makes about ten before it listens
JITTER = 0.02  # seconds; so that the end comes between two calls too

VOTED = (
    "SELECT asked.poll, asked.shown, attempt.chosen, attempt.id FROM asked LEFT JOIN attempt ON attempt.id = attempt_id"
    " WHERE asked.poll IS NOT NULL"
)


@pytest.fixture
def start(start_bot: Callable[..., BotProcess]) -> Start:
    """Starts a bot in a folder, as fast as learners answer, and waits until it listens."""
    return lambda folder: start_bot(folder, SEMAX_BOT_MAX_RATE="0").ready()


@pytest.fixture
def alice(standin: StandIn) -> Learner:
    """Somebody new, in a private chat."""
    return Learner.private(standin)


def noted(learner: Learner, question: Message, folder: Path) -> None:
    """Wait until the bot has stored that this question was sent."""
    query = "SELECT id FROM asked WHERE poll = :poll"
    learner.standin.wait(lambda: rows(folder, query, poll=question["poll"]["id"]))


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_round_goes_on_after_a_restart(alice: Learner, start: Start, tmp_path: Path, end: signal.Signals) -> None:
    """A deployment or a crash between two questions costs nothing, nor does an answer given meanwhile."""
    bot = start(tmp_path)
    alice.answers(alice.starts("/quiz 3"))
    second = alice.asked()
    noted(alice, second, tmp_path)  # or it would be asked again, as in the next test
    bot.send(end)
    bot.exit_code()
    alice.answers(second)
    start(tmp_path)
    alice.answers(alice.asked())
    assert "3 of 3 right" in alice.ended()["text"]
    assert len(attempts(tmp_path, alice.member)) == 3


@pytest.mark.parametrize("arrives", [True, False])
def test_a_question_that_may_not_have_arrived_is_asked_again(
    standin: StandIn, alice: Learner, start: Start, tmp_path: Path, arrives: bool
) -> None:
    """Killed while Telegram takes the question: better twice in the chat than never, and one answer counts."""
    bot = start(tmp_path)
    release = standin.hold("sendPoll", alice.id)
    alice.says("/quiz 3")
    standin.wait(lambda: standin.made("sendPoll", alice.id))
    bot.kill()
    if arrives:
        release()
        alice.answers(alice.asked())
    start(tmp_path)
    question = alice.asked()
    before, again = standin.made("sendPoll", alice.id)
    assert again.params == before.params
    alice.answers(question)
    alice.asked()
    assert len(attempts(tmp_path, alice.member)) == 1


def test_a_full_disk_stops_nothing_for_good(standin: StandIn, alice: Learner, start: Start, tmp_path: Path) -> None:
    """What cannot be stored stays at Telegram; the learner reads why it takes longer, and gets the answer after all."""
    bot = start(tmp_path)
    question = alice.starts("/quiz 3")
    noted(alice, question, tmp_path)
    confirmed = standin.confirmed
    bot.limit_files((tmp_path / "data" / f"{FILE}-wal").stat().st_size)
    alice.says("what is DOPAC?")
    assert alice.hears()["text"] == NOT_NOW
    alice.answers(question)
    standin.wait(lambda: "updates not stored" in bot.output and "free room" in bot.output)
    assert standin.confirmed == confirmed
    bot.limit_files(-1)
    assert "DOPAC" in alice.hears()["text"]
    alice.asked()
    assert len(attempts(tmp_path, alice.member)) == 1


@pytest.mark.parametrize("restarted", [True, False])
def test_a_disk_that_fills_up_later_loses_no_answer(
    standin: StandIn, alice: Learner, start: Start, tmp_path: Path, restarted: bool
) -> None:
    """An answer that waits in our inbox is counted even if the disk was full when its turn came."""
    bot = start(tmp_path)
    question = alice.starts("/quiz 3")
    noted(alice, question, tmp_path)
    release = standin.hold("sendMessage", alice.id)
    alice.says("what is DOPAC?")
    standin.wait(lambda: standin.made("sendMessage", alice.id))
    update = alice.answers(question)
    standin.wait(lambda: standin.confirmed >= update)
    bot.limit_files((tmp_path / "data" / f"{FILE}-wal").stat().st_size)
    release()
    standin.wait(lambda: f"update_id={update}" in bot.output)
    assert attempts(tmp_path, alice.member) == []
    if restarted:
        bot.kill()
        start(tmp_path)
    else:
        bot.limit_files(-1)
        alice.says("hello?")  # any update is an occasion to try again; without one it takes half a minute
    alice.asked()
    assert len(attempts(tmp_path, alice.member)) == 1


class Crowd:
    """Learners who answer whatever they are asked, and start anew when they are through; and how they voted."""

    def __init__(self, standin: StandIn, size: int) -> None:
        self.learners = [Learner.private(standin) for _ in range(size)]
        self.votes: dict[str, tuple[int, list[int]]] = {}  # by poll: the update that told of it, and the places
        self._waiting: set[int] = set()  # those who asked for a round; asked twice, they might vote in one that ends
        self._standin, self._rng = standin, Random(3)
        for learner in self.learners:
            self._begin(learner, "/quiz 20")

    def play(self, until: Callable[[], bool]) -> None:
        """Answer questions as they come."""
        while not until():
            for learner in self.learners:
                while learner.unheard():
                    self._react(learner, learner.hears())
            self._standin.wait(lambda: until() or any(learner.unheard() for learner in self.learners), timeout=20)

    def _begin(self, learner: Learner, command: str) -> None:
        if learner.id not in self._waiting:
            self._waiting.add(learner.id)
            learner.says(command)

    def _react(self, learner: Learner, message: Message) -> None:
        if "poll" in message:
            self._waiting.discard(learner.id)
            places = key(message) if self._rng.random() < 0.7 else [wrong(message)]
            self.votes[message["poll"]["id"]] = (learner.votes(message, places), places)
        elif message["text"].startswith(("Round done", "Practice done")):
            self._begin(learner, "/quiz cram 20")


def lost(folder: Path, crowd: Crowd, confirmed: int) -> list[str]:
    """The polls whose votes Telegram need not repeat, and that are neither counted as they were cast nor waiting.

    Polls that the bot never learnt of do not count: it died while it sent them, and asked again.
    """
    waiting = {row["update_id"] for row in rows(folder, "SELECT update_id FROM inbox")}
    missing = []
    for row in rows(folder, VOTED):
        update, places = crowd.votes.get(row["poll"], (confirmed + 1, []))
        cast = sorted(json.loads(row["shown"])[place] for place in places)
        counted = row["chosen"] and json.loads(row["chosen"])
        if update <= confirmed and counted != cast and not (counted is None and update in waiting):
            missing.append(f"{row} voted {cast} in update {update}")
    return missing


def called(standin: StandIn, calls: int) -> bool:
    """Whether Telegram has seen so many calls."""
    return len(standin.calls) >= calls


def dead(bot: BotProcess) -> bool:
    """Whether the bot has ended."""
    return not bot.alive


def test_killed_at_any_moment(
    standin: StandIn, start: Start, start_bot: Callable[..., BotProcess], tmp_path: Path
) -> None:
    """Whatever was acknowledged is there once, nothing is damaged, and every round goes on."""
    rng, first = Random(), standin.confirmed
    crowd = Crowd(standin, 3)
    for _ in range(CYCLES):
        bot = start_bot(tmp_path, SEMAX_BOT_MAX_RATE="0")
        end = len(standin.calls) + rng.randrange(SOON)
        crowd.play(partial(called, standin, end))
        timer = Timer(rng.uniform(0, JITTER), bot.kill)
        timer.start()
        crowd.play(partial(dead, bot))
        timer.join()
        if (tmp_path / "data" / FILE).exists():
            assert lost(tmp_path, crowd, standin.confirmed) == []
            assert rows(tmp_path, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    start(tmp_path)
    enough = {learner.id: len(standin.made("sendPoll", learner.id)) + 2 for learner in crowd.learners}
    crowd.play(lambda: all(len(standin.made("sendPoll", chat)) >= polls for chat, polls in enough.items()))
    last = max(update for update, _ in crowd.votes.values())
    standin.wait(lambda: standin.confirmed >= last and not rows(tmp_path, "SELECT * FROM inbox"))
    assert lost(tmp_path, crowd, last) == []
    handled = [row["update_id"] for row in rows(tmp_path, "SELECT update_id FROM handled")]
    assert set(range(first + 1, last + 1)) <= set(handled)
    answers = rows(tmp_path, "SELECT id FROM attempt WHERE event = 'answer'")
    assert sorted(row["id"] for row in answers) == sorted(row["id"] for row in rows(tmp_path, VOTED) if row["id"])
