"""What a learner sees and sets, takes along and has deleted."""

import json
from datetime import timedelta

import pytest

from clock import Clock
from semax_bot.errors import UnknownEntry
from semax_bot.reply import Reply, plain
from semax_bot.schedule.progress import progress
from semax_bot.store import learners, log
from semax_bot.store.store import Store
from semax_bot.tutor import Tutor, Who
from semax_bot.tutor.accounts import NO_ZONE, Accounts

ANNA, BORIS = Who("telegram", "5"), Who("telegram", "6")


@pytest.fixture
def accounts(tutored: Tutor) -> Accounts:
    """Its accounts."""
    return tutored.accounts


def actions(reply: Reply) -> list[str]:
    """What the buttons of a reply do."""
    return [button.action for row in reply.buttons for button in row]


async def practise(tutor: Tutor, clock: Clock, who: Who = ANNA, answers: int = 5) -> None:
    """The first answers to as many items, of which the last two are wrong."""
    turn = await tutor.rounds.start(who, who.handle, f"/quiz {answers}")
    for number in range(answers):
        assert turn.ask is not None
        await tutor.rounds.sent(turn.ask.id, f"{who.handle}-{turn.ask.id}", turn.ask.id)
        clock.now += timedelta(minutes=1)
        right = set(turn.ask.question.right)
        wrong = {next(place for place in range(len(turn.ask.question.options)) if {place} != right)}
        poll = f"{who.handle}-{turn.ask.id}"
        graded = await tutor.rounds.grade(who, who.handle, poll, wrong if number >= answers - 2 else right)
        assert graded is not None
        turn = graded.turn


async def test_progress_shows_what_the_log_says(tutored: Tutor, accounts: Accounts, store: Store, clock: Clock) -> None:
    """The page and its picture are drawn from this learner's answers, and from no other's."""
    await practise(tutored, clock)
    page, data = await accounts.progress(ANNA)
    assert data is not None
    assert data["title"] == f"3 of {len(tutored.course.items)} mastered"
    assert "60% right" in data["subtitle"]
    assert "60% of 5 answers" in plain(page)
    assert "quiz:" in actions(page)
    assert json.loads(json.dumps(data)) == data
    async with store.reading() as conn:
        anna = await learners.find(conn, *ANNA)
        assert anna is not None
        cards, moments = await log.cards(conn, anna.id), await log.moments(conn, anna.id)
        graded = await log.graded_since(conn, anna.id, clock.now - timedelta(days=30))
    numbers = progress(tutored.course, cards, graded, moments, clock.now, anna.clock)
    assert (numbers.right, numbers.graded, numbers.streak) == (3, 5, 1)


async def test_who_has_answered_nothing_gets_no_picture_and_leaves_no_trace(accounts: Accounts, store: Store) -> None:
    """To look at the pages stores nothing about anyone."""
    page, data = await accounts.progress(ANNA)
    assert data is None
    assert actions(page) == ["quiz:"]
    await accounts.settings(ANNA)
    await accounts.set(ANNA, "set:zones:")
    await accounts.export(ANNA, ["5"])
    async with store.reading() as conn:
        assert await learners.find(conn, *ANNA) is None


async def test_days_are_those_of_the_learners_zone(tutored: Tutor, accounts: Accounts, clock: Clock) -> None:
    """Answers before and after midnight UTC are one evening in New York, and two days in UTC."""
    clock.now = clock.now.replace(hour=23, minute=30)
    await practise(tutored, clock, answers=2)
    clock.now += timedelta(hours=1)
    await practise(tutored, clock, answers=2)
    assert "Streak: 2 days" in plain((await accounts.progress(ANNA))[0])
    await accounts.settings(ANNA, "NYC")
    assert "Streak: 1 day;" in plain((await accounts.progress(ANNA))[0])


async def test_settings_show_what_is_set_and_every_button_works(accounts: Accounts) -> None:
    """Each button leads to a page again; a change is seen at once, is kept, and is nobody else's."""
    before = plain(await accounts.settings(ANNA))
    assert "Questions per quiz: 5" in before
    assert "UTC · 09:00" in before
    await accounts.set(ANNA, "set:items:10")
    await accounts.set(ANNA, "set:paused:1")
    after = await accounts.set(ANNA, "set:zone:Europe/Berlin")
    for words in ("Questions per quiz: 10", "Berlin · 10:00", "Daily question: paused"):
        assert words in plain(after)
    assert await accounts.settings(ANNA) == after
    assert plain(await accounts.settings(BORIS)) == before
    for action in actions(after) + actions(await accounts.set(ANNA, "set:zones:")):
        assert (await accounts.set(BORIS, action)).buttons


async def test_the_length_set_is_the_length_of_a_round(tutored: Tutor, accounts: Accounts) -> None:
    """A setting that changes nothing would be a lie."""
    await accounts.set(ANNA, "set:items:3")
    turn = await tutored.rounds.start(ANNA, "5", "/quiz")
    assert turn.ask is not None
    stored = await accounts.export(ANNA, ["5"])
    assert len(stored["round"][0]["state"]["coming"]) == 3


@pytest.mark.parametrize(
    "action",
    [
        *("set:", "set", "set:items:7", "set:items:", "set:items:١٠", "set:paused:2", "set:zone:Etc/GMT-2"),
        *(
            "set:zone:Mars/Olympus",
            "set:zone:../../etc/passwd",
            "set:zones:x",
            "set:id:1",
            "forget:yes",
            "set:items:10:1",
        ),
    ],
)
async def test_forged_settings_are_refused(accounts: Accounts, action: str) -> None:
    """A button's data comes from outside: only what we offer can be set."""
    before = await accounts.settings(ANNA)
    with pytest.raises(UnknownEntry, match="/settings"):
        await accounts.set(ANNA, action)
    assert await accounts.settings(ANNA) == before


async def test_a_zone_in_words_is_set_if_it_is_clear_and_offered_if_not(accounts: Accounts) -> None:
    """Nobody's days move by a guess; and nobody is left without a next step."""
    assert "Tokyo · 18:00" in plain(await accounts.settings(ANNA, "tokyo"))
    offer = await accounts.settings(ANNA, "IST")
    assert {"set:zone:Asia/Kolkata", "set:zone:Europe/Dublin"} < set(actions(offer))
    nothing = await accounts.settings(ANNA, "atlantis")
    assert plain(nothing) == NO_ZONE
    assert actions(nothing) == ["set:zones:"]
    assert "Tokyo · 18:00" in plain(await accounts.settings(ANNA))


async def test_the_export_holds_all_that_is_stored_and_nobody_else(
    tutored: Tutor, accounts: Accounts, clock: Clock
) -> None:
    """One JSON document with a head that says what it is."""
    await practise(tutored, clock)
    await practise(tutored, clock, BORIS, answers=2)
    await tutored.chats.shown(ANNA, "5", tutored.open("06/term/dopac"), 7, 8)
    stored = await accounts.export(ANNA, ["5"])
    assert json.loads(json.dumps(stored)) == stored
    assert stored["course"] == tutored.course.title
    assert stored["made_at"] == clock.now.isoformat()
    sizes = {name: len(rows) for name, rows in stored.items() if isinstance(rows, list)}
    assert (sizes["learner"], sizes["attempt"], sizes["round"], sizes["card"]) == (1, 5, 1, 5)
    assert (sizes["last_entry"], sizes["answer_link"]) == (1, 1)
    assert stored["round"][0]["state"]["mode"] == "quiz"


async def test_forgetting_leaves_nothing_of_one_learner_and_all_of_another(
    tutored: Tutor, accounts: Accounts, clock: Clock
) -> None:
    """In mid-round too: what was deleted stays deleted when the last poll is answered."""
    await practise(tutored, clock, answers=4)
    await practise(tutored, clock, BORIS)
    await tutored.chats.shown(ANNA, "5", tutored.open("06/term/dopac"), 7, 8)
    await accounts.settings(ANNA, "Berlin")
    boris = await accounts.export(BORIS, ["6"])
    turn = await tutored.rounds.start(ANNA, "5", "/quiz dopamine")
    assert turn.ask is not None
    await tutored.rounds.sent(turn.ask.id, "last", 99)
    assert "deleted" in plain(await accounts.forget(ANNA, ["5"]))
    assert await tutored.rounds.grade(ANNA, "5", "last", turn.ask.question.right) is None
    stored = await accounts.export(ANNA, ["5"])
    assert not [rows for rows in stored.values() if isinstance(rows, list) and rows]
    assert await accounts.export(BORIS, ["6"]) == boris
    assert await accounts.forget(ANNA, ["5"]) == await accounts.forget(BORIS, ["6"])


async def test_a_picture_is_known_by_its_bot_and_hash(accounts: Accounts) -> None:
    """File ids are worth nothing to another bot; a newer one takes the place of an older."""
    await accounts.keep_file_id(1, "hash", "old")
    await accounts.keep_file_id(1, "hash", "new")
    await accounts.keep_file_id(2, "hash", "other")
    assert [await accounts.file_id(bot, "hash") for bot in (1, 2, 3)] == ["new", "other", None]
    assert await accounts.file_id(1, "other") is None
