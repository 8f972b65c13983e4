"""Quizzes at the prompt, as a learner types them."""

from collections.abc import Sequence

import pytest

from semax_bot.quiz.values import Question
from semax_bot.reply import Button, Heading, Reply, plain
from semax_bot.store import learners, log
from semax_bot.store.store import Store
from semax_bot.terminal.quiz import CLOSED, SEVERAL, WAITS, WHO, Part, Verdict, picks
from semax_bot.tutor.rounds import NO_ROUND
from terminal.learner import Learner

SINGLE, MANY = "/quiz methylphenidate 1", "/quiz human effects are inferred 4"


def right(asked: Question) -> str:
    """The numbers that answer a question rightly."""
    return " ".join(str(place + 1) for place in asked.right)


def wrong(asked: Question) -> str:
    """A number that does not."""
    return next(str(place + 1) for place in range(len(asked.options)) if (place,) != asked.right)


def said(parts: Sequence[Part]) -> str:
    """The cards among these parts as text."""
    return "\n".join(plain(part) for part in parts if isinstance(part, Reply))


async def events(store: Store) -> list[tuple[str, bool, bool]]:
    """The learner's log: what happened, whether it was right, and whether after a hint."""
    async with store.reading() as conn:
        found = await learners.find(conn, *WHO)
        cards = await log.cards(conn, found.id) if found else {}
        rows = [row for item in cards for row in await log.of_item(conn, found.id, item)] if found else []
    return [(row.event, bool(row.right), row.hinted) for row in sorted(rows, key=lambda row: row.id)]


async def to_one_of_several(learner: Learner) -> Question:
    """Answer rightly until an item with several right options is asked."""
    asked = await learner.asked(MANY)
    while not asked.several:
        asked = await learner.asked(right(asked))
    return asked


@pytest.mark.parametrize(
    ("text", "numbers"), [("2", [2]), ("1, 3", [1, 3]), ("1 3", [1, 3]), ("100", []), ("1 mg", []), ("", [])]
)
def test_answers_are_numbers_and_nothing_else(text: str, numbers: list[int]) -> None:
    """A question that holds a number is not taken for an answer."""
    assert picks(text) == numbers


async def test_a_round_is_played_by_numbers(learner: Learner) -> None:
    """Each answer brings its verdict and the next question; the card at the end has the score."""
    asked = await learner.asked("/quiz 3")
    for _ in range(2):
        verdict, following = await learner.types(right(asked))
        assert isinstance(verdict, Verdict)
        assert isinstance(following, Question)
        assert verdict.right
        asked = following
    _, card = await learner.types(right(asked))
    assert "3 of 3 right" in said([card])
    assert plain(await learner.reads("/stop")) == NO_ROUND


async def test_a_wrong_answer_is_explained_once(learner: Learner) -> None:
    """What was picked, what is right, and the explanation, which no remark repeats; the item comes back."""
    first = asked = await learner.asked("/quiz 5")
    seen = []
    for _ in range(5):
        verdict, *_, following = await learner.types(wrong(asked))
        assert isinstance(verdict, Verdict)
        assert not verdict.right
        assert verdict.picked == asked.options[int(wrong(asked)) - 1]
        assert verdict.answer.split("; ") == [asked.options[place] for place in asked.right]
        explanation = " ".join(asked.explanation.split())
        assert f"{verdict.remark} {verdict.explanation}".count(explanation) == 1
        assert isinstance(following, Question)
        asked = following
        seen.append(asked.item)
    assert first.item in seen


async def test_several_numbers_are_one_answer(learner: Learner) -> None:
    """Where several options are right, exactly these are; in any order."""
    asked = await to_one_of_several(learner)
    verdict, *_ = await learner.types(", ".join(reversed(right(asked).split())))
    assert isinstance(verdict, Verdict)
    assert verdict.right


async def test_an_answer_that_cannot_be_meant_does_not_count(learner: Learner, store: Store) -> None:
    """Numbers beyond the options, or two where one is right, are asked for again."""
    asked = await learner.asked(SINGLE)
    assert f"1 to {len(asked.options)}" in plain(await learner.reads("9"))
    assert plain(await learner.reads("1 2")) == SEVERAL
    assert await events(store) == []
    verdict, *_ = await learner.types(right(asked))
    assert isinstance(verdict, Verdict)


async def test_hint_and_guess_make_an_answer_count_less(learner: Learner, store: Store) -> None:
    """'h' gives the hint of the question on the screen, 'g' marks the right answer before; both are in the log."""
    asked = await learner.asked("/quiz 2")
    assert plain(await learner.reads("H")).startswith("Hint: ")
    asked = await learner.asked(right(asked))
    assert "guess" in plain(await learner.reads("g"))
    assert await events(store) == [("answer", True, True), ("guessed", False, False)]
    assert (await learner.types("g"))[0] == learner.tutor.ask("g")
    await learner.types(wrong(asked))
    assert (await learner.types("g"))[0] == learner.tutor.ask("g")


async def test_h_without_a_quiz_is_a_question(learner: Learner) -> None:
    """The keys of a quiz mean nothing outside of one."""
    assert await learner.reads("h") == learner.tutor.ask("h")


async def test_a_question_to_the_tutor_does_not_end_the_quiz(learner: Learner) -> None:
    """The tutor answers, its buttons have the numbers, and /go brings the same question back in the same order."""
    asked = await learner.asked("/quiz")
    assert await learner.types("What is DOPAC?") == [learner.tutor.ask("What is DOPAC?"), WAITS]
    button, reminder = await learner.types("1")
    assert isinstance(button, Reply)
    assert button.entry == "06/term/dopac"
    assert reminder == WAITS
    assert await learner.asked("/go") == asked
    assert isinstance((await learner.types(right(asked)))[0], Verdict)


async def test_a_page_without_buttons_leaves_the_numbers_to_the_question(learner: Learner) -> None:
    """Where nothing else has numbers, the question on the screen is answered as before, and needs no reminder."""
    asked = await learner.asked("/quiz")
    assert not (await learner.reads("/sources")).buttons
    assert isinstance((await learner.types(right(asked)))[0], Verdict)


async def test_a_quiz_outlives_the_chat(learner: Learner) -> None:
    """The next chat says that a question waits, takes no number for its answer unseen, and shows it on /go."""
    asked = await learner.asked("/quiz")
    assert await learner.restarts() == [WAITS]
    assert await learner.reads("1") == learner.tutor.ask("1")
    assert await learner.asked("/go") == asked
    assert isinstance((await learner.types(right(asked)))[0], Verdict)


async def test_what_was_never_shown_is_shown_by_the_next_chat(learner: Learner) -> None:
    """A chat that dies after an answer loses neither the next question nor the card at the end."""
    asked = await learner.asked("/quiz 2")
    async for part in learner.chat.say(right(asked)):
        assert isinstance(part, Verdict)
        break
    (following,) = await learner.restarts()
    assert isinstance(following, Question)
    assert following.item != asked.item
    async for part in learner.chat.say(right(following)):
        assert isinstance(part, Verdict)
        break
    (card,) = await learner.restarts()
    assert "2 of 2 right" in said([card])
    assert await learner.restarts() == []


async def test_undo_brings_the_last_answer_back(learner: Learner, store: Store) -> None:
    """After a slip at the end of a round its item is asked again, and the slip no longer counts."""
    asked = await learner.asked(SINGLE)
    await learner.types(wrong(asked))
    again = await learner.asked("/undo")
    assert again.item == asked.item
    _, card = await learner.types(right(again))
    assert "1 of 1 right" in said([card])
    assert await events(store) == [("answer", False, False), ("taken-back", False, False), ("answer", True, False)]


async def test_what_cannot_be_quizzed_leaves_the_question_waiting(learner: Learner) -> None:
    """An impossible number or an unknown topic is said, and the open round goes on."""
    asked = await learner.asked("/quiz")
    assert "1 to 20" in plain(await learner.reads("/quiz 99"))
    assert "no questions" in plain(await learner.reads("/quiz qwertyuiop"))
    assert isinstance((await learner.types(right(asked)))[0], Verdict)


async def test_review_without_anything_due_says_so(learner: Learner) -> None:
    """Nothing to repeat is no fault, and no question waits any more."""
    await learner.asked("/quiz")
    assert "Nothing is due" in said(await learner.types("/review"))
    assert await learner.reads("thanks") == learner.tutor.ask("thanks")


async def test_a_question_that_another_terminal_closed_is_not_counted(learner: Learner, store: Store) -> None:
    """Two terminals are one learner: an answer to a question that the other has ended changes nothing."""
    asked = await learner.asked("/quiz")
    other = Learner(learner.tutor, store, learner.clock, learner.history)
    await other.types("/stop")
    assert plain(await learner.reads(right(asked))) == CLOSED
    assert await events(store) == []


@pytest.mark.parametrize(("action", "entry"), [("quiz:06/term/dopac", "06/term/dopac"), ("quiz:", None)])
async def test_a_button_starts_a_quiz(
    learner: Learner, monkeypatch: pytest.MonkeyPatch, action: str, entry: str | None
) -> None:
    """'Quiz me' under a card asks about its entry, elsewhere about whatever is next."""
    card = Reply("answer", (Heading("A card"),), ((Button("Quiz me", action),),))
    monkeypatch.setattr(learner.tutor, "page", lambda name: card)
    await learner.reads("/unit")
    asked = await learner.asked("1")
    assert entry is None or entry in learner.tutor.course.items[asked.item].entries
