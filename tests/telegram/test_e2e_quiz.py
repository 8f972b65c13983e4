"""Quizzes end to end: whole rounds through the Bot API, and every answer that comes at a wrong time or place."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from semax_bot.course.model import Item
from semax_bot.telegram import quiz
from semax_bot.tutor import Tutor
from semax_bot.tutor.rounds import NO_ROUND, NO_TOPIC
from standin.chats import Message
from standin.learner import Learner, key, wrong
from standin.people import Talk, buttons
from standin.process import BotProcess
from standin.records import attempts
from standin.server import StandIn

pytestmark = pytest.mark.usefixtures("bot")
Log = Callable[[], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the bot keeps what it remembers."""
    return tmp_path_factory.mktemp("bot")


@pytest.fixture(scope="module")
def bot(start_bot: Callable[..., BotProcess], folder: Path) -> BotProcess:
    """A bot that asks as fast as learners answer."""
    return start_bot(folder, SEMAX_BOT_MAX_RATE="0").ready()


@pytest.fixture
def alice(standin: StandIn) -> Learner:
    """Somebody new, in a private chat."""
    return Learner.private(standin)


@pytest.fixture
def bob(standin: StandIn) -> Learner:
    """Somebody else."""
    return Learner.private(standin)


@pytest.fixture
def log(folder: Path, alice: Learner) -> Log:
    """Reads what is stored of the first one's answers."""
    return lambda: attempts(folder, alice.member)


def item_of(tutor: Tutor, question: Message) -> Item:
    """The authored item behind a poll."""
    return next(item for item in tutor.course.items.values() if item.question == question["poll"]["question"])


def shape(call: Mapping[str, str]) -> tuple[str | None, str | None]:
    """What makes a poll a quiz whose answers the bot hears of."""
    return call.get("type"), call.get("is_anonymous", "").lower()


def under(alice: Talk, question: Message, *actions: str) -> None:
    """Wait until the buttons below a question are these."""
    alice.standin.wait(lambda: [data.partition(":")[0] for data in buttons(question)] == list(actions))


def test_a_whole_round(standin: StandIn, alice: Learner, tutor: Tutor, log: Log) -> None:
    """The job itself: three questions, one missed, which returns once; each poll native; then the score."""
    first = alice.starts("/quiz 3")
    under(alice, first, "hint")
    alice.answers(first, right=False)
    second = alice.asked()
    item = item_of(tutor, first)
    chosen = first["poll"]["options"][wrong(first)]["text"]
    why = next(option.why for option in item.options if option.text == chosen)
    (line,) = alice.said
    assert "\n" not in line
    assert (why or item.explanation.split("\n")[0].split(".")[0]) in line
    under(alice, first, "slip")
    alice.answers(second)
    third = alice.asked()
    under(alice, second, "guess", "slip")
    alice.answers(third)
    again = alice.asked()
    assert again["poll"]["question"] == first["poll"]["question"]
    alice.answers(again)
    card = alice.ended()
    assert "2 of 3 right" in card["text"]
    assert any(item.entries[0] in data for data in buttons(card))
    assert [(row["right"], row["practice"]) for row in log()] == [(0, 0), (1, 0), (1, 0), (1, 1)]
    calls = [call.params for call in standin.made("sendPoll", alice.id)]
    assert {shape(call) for call in calls} == {("quiz", "false")}
    assert [call["explanation"] for call in calls[:3]] == [
        item_of(tutor, question).explanation for question in (first, second, third)
    ]
    assert alice.unheard() == []


def test_options_are_shuffled_and_the_key_follows(alice: Learner, tutor: Tutor, log: Log) -> None:
    """An order that never changes teaches places; and a key that does not follow the order teaches falsehoods."""
    questions = [alice.starts("/quiz cram 12")]
    while len(questions) < 12:
        alice.answers(questions[-1])
        questions.append(alice.asked())
    alice.answers(questions[-1])
    alice.ended()
    shown = [[option["text"] for option in question["poll"]["options"]] for question in questions]
    items = [item_of(tutor, question) for question in questions]
    assert [sorted(texts) for texts in shown] == [sorted(option.text for option in item.options) for item in items]
    assert shown != [[option.text for option in item.options] for item in items]
    for question, texts, item in zip(questions, shown, items, strict=True):
        assert {texts[place] for place in key(question)} == {option.text for option in item.options if option.right}
        assert question["poll"]["allows_multiple_answers"] == (item.kind == "all")
    assert [row["right"] for row in log()] == [1] * 12


def test_a_hint_shows_above_the_question_and_only_before_the_answer(alice: Learner, tutor: Tutor, log: Log) -> None:
    """A hint helps once; asked for later it would only confuse, and it makes a right answer count as a hard one."""
    question = alice.starts()
    (data,) = buttons(question)
    shown = alice.alerts(alice.taps(question, data))
    assert shown["show_alert"].lower() == "true"
    assert 0 < len(shown["text"]) <= 200
    alice.answers(question)
    alice.asked()
    assert "answered" in alice.alerts(alice.taps(question, data))["text"]
    assert [row["hinted"] for row in log()] == [1]


def test_a_lucky_guess_is_marked_once(alice: Learner, log: Log) -> None:
    """A guess must come back sooner; a nervous thumb must not mark it twice."""
    question = alice.starts()
    alice.answers(question)
    alice.asked()
    under(alice, question, "guess", "slip")
    guess = buttons(question)[0]
    assert "guess" in alice.alerts(alice.taps(question, guess))["text"]
    under(alice, question)
    assert "already" in alice.alerts(alice.taps(question, guess))["text"]
    assert [row["event"] for row in log()] == ["answer", "guessed"]


def test_a_slip_of_the_finger_does_not_count_and_the_question_returns(alice: Learner, log: Log) -> None:
    """Who tapped wrongly on a bus knows it; the score and the schedule should not suffer."""
    first = alice.starts()
    alice.answers(first, right=False)
    second = alice.asked()
    under(alice, first, "slip")
    assert "later in this round" in alice.alerts(alice.taps(first, buttons(first)[0]))["text"]
    under(alice, first)
    alice.answers(second)
    alice.answers(alice.asked())
    again = alice.asked()
    assert again["poll"]["question"] == first["poll"]["question"]
    alice.answers(again)
    assert "3 of 3 right" in alice.ended()["text"]
    assert [row["event"] for row in log()].count("taken-back") == 1
    assert [row["practice"] for row in log()] == [0] * 5


def test_undo_takes_the_last_answer_back(alice: Learner, log: Log) -> None:
    """Typed, it does what the button does, and says so when there is nothing to take back."""
    assert "no answer" in alice.asks("/undo")["text"]
    alice.answers(alice.starts(), right=False)
    alice.asked()
    assert "Taken back" in alice.asks("/undo")["text"]
    assert "already" in alice.asks("/undo")["text"]
    assert len(log()) == 2


@pytest.mark.parametrize("way", ["told twice", "delivered twice"])
def test_a_doubled_answer_counts_once(standin: StandIn, alice: Learner, log: Log, way: str) -> None:
    """Telegram may repeat itself; the round must not skip a question for that."""
    first = alice.starts()
    update = alice.answers(first)
    second = alice.asked()
    if way == "told twice":
        alice.tells(first, key(first))
    else:
        standin.repeat(update)
    alice.answers(second)
    alice.answers(alice.asked())
    assert "3 of 3" in alice.ended()["text"]
    assert len(log()) == 3


def test_answers_that_are_nobodys_business_change_nothing(alice: Learner, bob: Learner, folder: Path, log: Log) -> None:
    """Somebody else's, withdrawn, of an unknown poll, by a chat: none counts, none breaks the round."""
    question = alice.starts()
    bob.says("/start")
    bob.hears()
    bob.tells(question, key(question))
    alice.tells(question, [])
    alice.tells(question, [0], poll_id="987654321")
    alice.tells(question, [0], user=None, voter_chat={"id": -1001, "type": "channel", "title": "News"})
    alice.answers(question)
    alice.asked()
    assert len(log()) == 1
    assert attempts(folder, bob.member) == []
    assert bob.unheard() == []


def test_a_late_answer_does_not_count(alice: Learner, log: Log) -> None:
    """After /stop the round is over, whatever was still on its way; and the next one is not disturbed."""
    question = alice.starts()
    assert "Stopped before the first answer" in alice.asks("/stop")["text"]
    assert question["poll"]["is_closed"]
    alice.tells(question, key(question))
    alice.answers(alice.starts())
    alice.asked()
    assert len(log()) == 1
    assert "1 of 1 right" in alice.asks("/stop")["text"]


def test_stop_without_a_round_says_how_to_begin_one(alice: Learner) -> None:
    """An empty answer would look like a broken bot."""
    assert alice.asks("/stop")["text"] == NO_ROUND


def test_two_learners_at_once(alice: Learner, bob: Learner, folder: Path) -> None:
    """Rounds that run at the same time share nothing."""
    one, other = alice.starts(), bob.starts()
    for _ in range(2):
        alice.answers(one)
        bob.answers(other, right=False)
        one, other = alice.asked(), bob.asked()
    assert [row["right"] for row in attempts(folder, alice.member)] == [1, 1]
    assert [row["right"] for row in attempts(folder, bob.member)] == [0, 0]


def test_a_topic_in_the_learners_own_words(alice: Learner, tutor: Tutor) -> None:
    """Who asks for dopamine gets dopamine."""
    question = alice.starts("/quiz dopamin")
    assert set(item_of(tutor, question).entries) & set(tutor.topic("dopamine"))


@pytest.mark.parametrize(
    ("command", "words"),
    [("/quiz xyzzy", NO_TOPIC), ("/quiz 99", "1 to 20 questions"), ("/review", "Nothing is due right now.")],
)
def test_a_wish_that_cannot_be_met_is_explained(alice: Learner, command: str, words: str) -> None:
    """Each refusal names what works instead."""
    assert words in alice.asks(command)["text"]


def test_a_group_is_told_where_own_quizzes_run(standin: StandIn) -> None:
    """What is due, and what was answered last, is one learner's own business."""
    group = Talk.group(standin)
    assert group.asks("/review")["text"] == quiz.ELSEWHERE
    assert group.asks("/undo")["text"] == quiz.ELSEWHERE
    assert standin.made("sendPoll", group.id) == []


def test_quiz_me_on_this(standin: StandIn, alice: Learner, tutor: Tutor) -> None:
    """The button of a card asks about that card."""
    card = alice.asks("what is DOPAC?")
    (data,) = [data for data in buttons(card) if data.startswith("quiz:")]
    alice.taps(card, data)
    assert data.partition(":")[2] in item_of(tutor, alice.asked()).entries


def test_a_lost_answer_is_recovered(alice: Learner, log: Log) -> None:
    """Should Telegram lose the update, the poll itself still knows how its only voter voted."""
    question = alice.starts()
    alice.votes(question, [wrong(question)], lost=True)
    alice.starts()
    assert [row["right"] for row in log()] == [0]
    assert question["poll"]["is_closed"]


def test_forgetting_in_mid_round(alice: Learner, log: Log) -> None:
    """Forgotten means forgotten: an answer that was on its way brings nothing back."""
    question = alice.starts()
    alice.answers(question)
    second = alice.asked()
    card = alice.asks("/forget")
    alice.taps(card, "forget:yes")
    alice.standin.wait(lambda: second["poll"]["is_closed"] and "deleted" in card["text"])
    alice.tells(second, key(second))
    assert alice.asks("/stop")["text"] == NO_ROUND
    assert log() == []
