"""Rounds over a real store: what counts, what comes next, and that the log alone tells it all."""

from collections.abc import Iterable
from datetime import timedelta
from random import Random

import pytest

from clock import Clock
from semax_bot.quiz.choose import NEW_A_DAY
from semax_bot.quiz.values import Mode, Question
from semax_bot.reply import plain
from semax_bot.schedule.memory import LEECH, remembered
from semax_bot.schedule.values import Card
from semax_bot.store import learners, log
from semax_bot.store.store import Store
from semax_bot.tutor import Tutor, Who
from semax_bot.tutor.corrections import TooLate
from semax_bot.tutor.rounds import CORRECTABLE
from semax_bot.tutor.values import Asked, Graded, Turn

ANNA, BORIS = Who("telegram", "5"), Who("telegram", "6")


@pytest.fixture
def learner(tutored: Tutor, store: Store, clock: Clock) -> "Learner":
    """Anna, who has not been asked anything yet."""
    return Learner(tutored, store, clock)


class Learner:
    """Answers questions as a surface would hand them over; everything takes a minute."""

    def __init__(self, tutor: Tutor, store: Store, clock: Clock, who: Who = ANNA) -> None:
        self.tutor, self.rounds, self.store, self.clock, self.who = tutor, tutor.rounds, store, clock, who

    async def quiz(self, text: str = "/quiz", mode: Mode = Mode.QUIZ) -> Turn:
        return await self.rounds.start(self.who, self.who.handle, text, mode)

    async def picks(self, asked: Asked | None, places: Iterable[int]) -> Graded | None:
        """See the question, and pick options by their places."""
        assert asked is not None
        await self.rounds.sent(asked.id, f"poll {asked.id}", 100 + asked.id)
        self.clock.now += timedelta(minutes=1)
        return await self.rounds.grade(self.who, self.who.handle, f"poll {asked.id}", places)

    async def answers(self, asked: Asked | None, right: bool = True) -> Graded:
        assert asked is not None
        graded = await self.picks(asked, asked.question.right if right else wrong(asked.question))
        assert graded is not None
        assert graded.right == right
        return graded

    async def goes_on(self, turn: Turn) -> list[str]:
        """Answer everything rightly to the end; the items in the order asked."""
        items = []
        while turn.ask:
            items.append(turn.ask.question.item)
            turn = (await self.answers(turn.ask)).turn
        assert turn.over is not None
        await self.rounds.over(turn.over)
        return items

    async def cards(self) -> dict[str, Card]:
        async with self.store.reading() as conn:
            found = await learners.find(conn, *self.who)
            return await log.cards(conn, found.id) if found else {}

    async def derived(self) -> dict[str, Card]:
        """The cards that follow from the log alone."""
        async with self.store.reading() as conn:
            found = await learners.find(conn, *self.who)
            assert found is not None
            logs = {item: await log.of_item(conn, found.id, item.id) for item in self.tutor.course.items.values()}
        return {item.id: card for item, rows in logs.items() if (card := remembered(item, rows))}


def wrong(question: Question) -> set[int]:
    """A choice that is not the right one."""
    return {next(place for place in range(len(question.options)) if {place} != set(question.right))}


async def test_a_round_goes_from_question_to_question_and_ends_with_a_card(learner: Learner) -> None:
    """Five different items by default, a score, and when to come back."""
    turn = await learner.quiz()
    items = []
    while turn.ask:
        items.append(turn.ask.question.item)
        turn = (await learner.answers(turn.ask)).turn
    assert len(set(items)) == len(items) == 5
    assert "5 of 5 right" in plain(turn.say[-1])
    assert set(await learner.cards()) == set(items)


async def test_a_missed_item_returns_once_as_practice(learner: Learner) -> None:
    """It comes back after others, and only its first attempt moves the schedule."""
    turn = await learner.quiz("/quiz 4")
    assert turn.ask is not None
    missed = turn.ask.question.item
    turn = (await learner.answers(turn.ask, right=False)).turn
    card = (await learner.cards())[missed]
    items = await learner.goes_on(turn)
    assert items.count(missed) == 1
    assert items.index(missed) >= 1
    assert (await learner.cards())[missed] == card


async def test_only_the_first_answer_of_the_right_person_counts(learner: Learner, tutor: Tutor) -> None:
    """Doubled, foreign, withdrawn, impossible, unknown and late answers change nothing."""
    boris = Learner(learner.tutor, learner.store, learner.clock, BORIS)
    turn = await learner.quiz()
    assert turn.ask is not None
    right, poll = turn.ask.question.right, f"poll {turn.ask.id}"
    assert await boris.picks(turn.ask, right) is None
    assert await learner.picks(turn.ask, ()) is None
    assert await learner.picks(turn.ask, (9,)) is None
    assert await learner.cards() == {}
    graded = await learner.answers(turn.ask)
    before = await learner.cards()
    assert await learner.rounds.grade(ANNA, "5", poll, wrong(turn.ask.question)) is None
    assert await learner.rounds.grade(ANNA, "5", "poll of somebody's", right) is not None  # see the test below
    assert await learner.rounds.grade(BORIS, "6", "poll of nobody's", right) is None
    stopped = await learner.rounds.stop(ANNA, "5")
    assert stopped.over is not None
    await learner.rounds.over(stopped.over)
    assert graded.turn.ask is not None
    assert set(before) < set(await learner.cards())
    assert await boris.cards() == {}


async def test_an_answer_after_the_end_does_not_count(learner: Learner) -> None:
    """Who stops is done."""
    turn = await learner.quiz()
    assert turn.ask is not None
    await learner.rounds.stop(ANNA, "5")
    assert await learner.picks(turn.ask, turn.ask.question.right) is None
    assert "No quiz" in plain((await learner.rounds.stop(ANNA, "6")).say[0])


async def test_a_poll_whose_id_was_never_learnt_is_recognised_by_its_answer(learner: Learner) -> None:
    """We may die between sending a poll and hearing of its id; the round waits for no other."""
    turn = await learner.quiz()
    assert turn.ask is not None
    graded = await learner.rounds.grade(ANNA, "5", "never heard of", turn.ask.question.right)
    assert graded is not None
    assert graded.right
    assert await learner.rounds.grade(ANNA, "5", "never heard of", turn.ask.question.right) is None


async def test_a_restart_asks_again_what_was_never_sent(learner: Learner) -> None:
    """The same question in the same order; what stands in the chat is left alone; an untold end is told."""
    turn = await learner.quiz("/quiz 1")
    assert turn.ask is not None
    assert await learner.rounds.unfinished("telegram") == [(ANNA, "5", turn)]
    assert await learner.rounds.unfinished("terminal") == []
    await learner.rounds.sent(turn.ask.id, "p", 1)
    assert await learner.rounds.unfinished("telegram") == []
    graded = await learner.rounds.grade(ANNA, "5", "p", turn.ask.question.right)
    assert graded is not None
    ((_, _, again),) = await learner.rounds.unfinished("telegram")
    assert again.over is not None
    assert again.over == graded.turn.over
    await learner.rounds.over(again.over)
    assert await learner.rounds.unfinished("telegram") == []


async def test_a_hint_and_a_guess_bring_an_item_back_sooner(learner: Learner) -> None:
    """Both make the answer a hard one; a correction is made once, and in time."""
    turn = await learner.quiz("/quiz 20")
    due = {}
    for kind in ("plain", "hint", "guess"):
        while turn.ask and len(turn.ask.question.options) == 2:  # whose first right answer is hard anyway
            turn = (await learner.answers(turn.ask)).turn
        assert turn.ask is not None
        if kind == "hint":
            assert len(await learner.rounds.hint(ANNA, turn.ask.id)) > 20
        asked, graded = turn.ask, await learner.answers(turn.ask)
        if kind == "guess":
            await learner.rounds.guessed(ANNA, asked.id)
            with pytest.raises(TooLate, match="already"):
                await learner.rounds.guessed(ANNA, asked.id)
        with pytest.raises(TooLate, match="answered"):
            await learner.rounds.hint(ANNA, asked.id)
        card = (await learner.cards())[asked.question.item]
        due[kind] = card.due - card.last_review
        turn = graded.turn
    assert due["hint"] == due["guess"] < due["plain"]


async def test_an_answer_can_be_taken_back_for_two_minutes(learner: Learner) -> None:
    """It leaves no trace in the schedule, and the item comes again."""
    turn = await learner.quiz("/quiz 3")
    first = await learner.answers(turn.ask, right=False)
    assert turn.ask is not None
    assert "again" in (await learner.rounds.take_back(ANNA, first.asked))[0]
    assert await learner.cards() == {}
    with pytest.raises(TooLate, match="another"):
        await learner.rounds.take_back(BORIS, first.asked)
    items = await learner.goes_on(first.turn)
    assert items.count(turn.ask.question.item) == 1
    assert (await learner.cards())[turn.ask.question.item].right
    late = await learner.answers((await learner.quiz("/quiz 3")).ask)
    learner.clock.now += CORRECTABLE + timedelta(seconds=1)
    with pytest.raises(TooLate, match="too old"):
        await learner.rounds.take_back(ANNA, late.asked)
    assert "Taken back" in (await learner.rounds.undo(ANNA, "5"))[0]


async def test_the_last_answer_of_a_round_can_be_taken_back_too(learner: Learner) -> None:
    """The round goes on with it, though its end was told already."""
    turn = await learner.quiz("/quiz 1")
    last = await learner.answers(turn.ask, right=False)
    assert last.turn.over is not None
    await learner.rounds.over(last.turn.over)
    _, again = await learner.rounds.take_back(ANNA, last.asked)
    assert turn.ask is not None
    assert await learner.goes_on(again) == [turn.ask.question.item]


async def test_a_new_round_takes_the_place_of_an_open_one(learner: Learner) -> None:
    """Nobody is in two quizzes at once; the older one's question takes no answer any more."""
    old = await learner.quiz()
    new = await learner.quiz()
    assert old.ask is not None
    assert await learner.picks(old.ask, old.ask.question.right) is None
    assert len(await learner.goes_on(new)) == 5


async def test_ten_new_items_a_day_unless_a_topic_is_asked_for(learner: Learner) -> None:
    """More would pile up within days; who asks for more gets it."""
    assert len(await learner.goes_on(await learner.quiz("/quiz 20"))) == NEW_A_DAY
    assert "Nothing is due" in plain((await learner.quiz()).say[0])
    assert len(await learner.goes_on(await learner.quiz("/quiz serotonin"))) == 5
    learner.clock.now += timedelta(days=1)
    due = [name for name, card in (await learner.cards()).items() if card.due <= learner.clock.now]
    review = await learner.quiz("/review", Mode.REVIEW)
    if due:
        assert set(await learner.goes_on(review)) <= set(due)


async def test_a_review_with_nothing_due_points_to_new_questions(learner: Learner) -> None:
    """It says what else there is: new questions while today's are not used up."""
    assert "/quiz brings new questions" in plain((await learner.quiz("/review", Mode.REVIEW)).say[0])


async def test_cramming_leaves_the_schedule_alone(learner: Learner) -> None:
    """It is practice, and says so."""
    turn = await learner.quiz("/quiz cram dopamine 3")
    while turn.ask:
        turn = (await learner.answers(turn.ask, right=False)).turn
    assert "practice" in plain(turn.say[-1])
    assert await learner.cards() == {}


async def test_an_item_missed_six_times_is_set_aside_until_its_entry_is_opened(learner: Learner) -> None:
    """A leech is taught by its card; then it may be asked again."""
    entry = "06/term/trkb"
    names = {item.id for item in learner.tutor.course.items.values() if item.entries[0] == entry}
    for _ in range(LEECH):
        turn = await learner.rounds.about(ANNA, "5", entry)
        while turn.ask:
            turn = (await learner.answers(turn.ask, turn.ask.question.item not in names)).turn
        learner.clock.now += timedelta(days=3)
    aside = {name for name, card in (await learner.cards()).items() if card.aside}
    assert aside == names
    assert not aside & set(await learner.goes_on(await learner.quiz("/review 20", Mode.REVIEW)))
    await learner.tutor.chats.shown(ANNA, "5", learner.tutor.open(entry))
    cards = await learner.cards()
    assert not any(cards[name].aside for name in names)
    assert names <= set(await learner.goes_on(await learner.quiz("/review 20", Mode.REVIEW)))


@pytest.mark.parametrize("seed", range(4))
async def test_the_cards_follow_from_the_log(learner: Learner, seed: int) -> None:
    """Whatever a learner does, replaying the log gives the stored cards."""
    rng = Random(seed)
    for _ in range(4):
        turn = await learner.quiz(rng.choice(["/quiz", "/quiz dopamine", "/quiz cram", "/quiz 9"]))
        while turn.ask:
            asked = turn.ask
            if rng.random() < 0.2:
                await learner.rounds.hint(ANNA, asked.id)
            graded = await learner.answers(asked, rng.random() < 0.6)
            turn = graded.turn
            if graded.right and rng.random() < 0.2:
                await learner.rounds.guessed(ANNA, asked.id)
            elif rng.random() < 0.2:
                turn = (await learner.rounds.take_back(ANNA, asked.id))[1] if turn.over else turn
            if turn.over:
                await learner.rounds.over(turn.over)
        learner.clock.now += timedelta(days=rng.randrange(20))
    derived = await learner.derived()
    stored = await learner.cards()
    assert stored.keys() == derived.keys()
    for name, card in stored.items():
        assert card.stability == pytest.approx(derived[name].stability, abs=1e-9)
        assert card.difficulty == pytest.approx(derived[name].difficulty, abs=1e-9)
        assert (card.due, card.misses, card.aside) == (derived[name].due, derived[name].misses, derived[name].aside)
