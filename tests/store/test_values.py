"""What the store gives back is what it was given, and nothing that was to be forgotten stays."""

import json
from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import StatementError

from semax_bot.quiz.values import Mode, Round, Step
from semax_bot.schedule.values import Attempt, Card, Event
from semax_bot.store import inbox, learners, log, posts, recall, rounds, schema
from semax_bot.store.store import Store
from store.filled import CARD, NOW, ROUND, busy, do, learner

LEFT_ALONE = {"confusion": 0, "picture": 0, "alembic_version": 1, "due": 0}
SHARED = {"group_round", "post", "channel"}  # theirs and other people's


async def sizes(store: Store) -> dict[str, int]:
    """How many rows each table has."""
    async with store.reading() as conn:
        names = await conn.run_sync(lambda sync: inspect(sync).get_table_names())
        found = {name: (await conn.execute(text(f'SELECT count(*) FROM "{name}"'))).scalar_one() for name in names}
    return {name: size for name, size in found.items() if not name.startswith("sqlite_")}


async def test_moments_come_back_in_utc(store: Store) -> None:
    """A moment of any zone is the same moment afterwards, to the microsecond, and carries the zone that fsrs wants."""
    tokyo = NOW.astimezone(timezone(timedelta(hours=9)))
    await do(store, recall.saw, "c", "e", tokyo)
    async with store.reading() as conn:
        at = (await conn.execute(select(schema.last_entry.c.at))).scalar_one()
    assert at == NOW
    assert at.tzinfo is UTC


async def test_a_naive_moment_is_refused(store: Store) -> None:
    """A time without a zone is a mistake that nobody could mend later."""
    with pytest.raises(StatementError, match="no time zone"):
        await do(store, recall.saw, "c", "e", NOW.replace(tzinfo=None))


async def test_an_update_is_new_once(store: Store) -> None:
    """A second delivery is told from a first, in a batch, while it waits, and after it was handled."""
    batch = [(7, "b", "{7}"), (5, None, "{5}"), (7, "b", "again")]
    assert await do(store, inbox.keep, batch, NOW) == [5, 7]
    assert await do(store, inbox.keep, [(5, "a", "x"), (8, "a", "{8}")], NOW) == [8]
    assert await do(store, inbox.keep, [], NOW) == []
    await do(store, inbox.done, 5)
    assert await do(store, inbox.keep, [(5, "a", "x")], NOW) == []
    async with store.reading() as conn:
        assert await inbox.waiting(conn) == [(7, "b", "{7}"), (8, "a", "{8}")]


async def test_ids_of_handled_updates_are_kept_a_while(store: Store) -> None:
    """The list of ids does not grow for ever."""
    await do(store, inbox.keep, [(1, None, "{}")], NOW)
    await do(store, inbox.keep, [(2, None, "{}")], NOW + timedelta(days=1))
    await do(store, inbox.forget_handled, NOW + timedelta(hours=1))
    async with store.reading() as conn:
        assert list((await conn.execute(select(schema.handled.c.update_id))).scalars()) == [2]


async def test_a_chat_is_remembered_for_half_an_hour(store: Store) -> None:
    """The last entry and the answer to a message are the newest ones, of this chat, and fade."""
    for entry, answer in (("old", 1), ("new", 2)):
        await do(store, recall.saw, "c", entry, NOW)
        await do(store, recall.answered, "c", 9, answer, NOW)
    limit = NOW + recall.KEEP
    late = limit + timedelta(seconds=1)
    async with store.reading() as conn:
        assert await recall.last_entry(conn, "c", limit) == "new"
        assert await recall.answer_to(conn, "c", 9, limit) == 2
        for chat, at in (("c", late), ("d", NOW)):
            assert await recall.last_entry(conn, chat, at) is None
            assert await recall.answer_to(conn, chat, 9, at) is None
    await do(store, recall.expire, limit)
    assert (await sizes(store))["last_entry"] == 1
    await do(store, recall.expire, late)
    assert (await sizes(store))["last_entry"] == (await sizes(store))["answer_link"] == 0


async def test_a_learner_is_made_once(store: Store) -> None:
    """The same person on the same surface is the same learner; what they set stays."""
    me = await learner(store)
    assert await learner(store) == me
    assert await learner(store, "2") != me
    await store.write(lambda conn: learners.change(conn, me, zone="Asia/Tokyo", items=10, paused=True))
    found = await do(store, learners.learner_of, "telegram", "1", NOW + timedelta(days=1))
    assert found == learners.Learner(me, "telegram", "1", "Asia/Tokyo", 10, True, NOW)


async def test_forgetting_takes_everything_of_one_learner(store: Store) -> None:
    """After /forget no row of the learner is left, and no row of another is missing."""
    await busy(store, "2")
    before = await sizes(store)
    me = await busy(store, "1")
    shared = {name: size for name, size in (await sizes(store)).items() if name in SHARED}
    assert (await sizes(store))["asked"] == before["asked"] + 1
    await do(store, learners.forget, me, ["1"])
    assert await sizes(store) == before | shared
    async with store.reading() as conn:
        assert sorted((await conn.execute(select(schema.group_round.c.starter))).scalars()) == ["", "2"]


async def test_who_began_a_round_is_known_while_it_runs(store: Store) -> None:
    """Afterwards nobody needs to know."""
    round_id = await do(store, posts.start, "-5", "1", ROUND, 30, NOW)
    await do(store, posts.end, round_id, NOW)
    async with store.reading() as conn:
        row = await posts.group_round_of(conn, round_id)
    assert row == posts.GroupRound(round_id, "-5", "", ROUND, 30, NOW, NOW)


async def test_an_export_holds_all_but_the_inbox(store: Store) -> None:
    """Every table that knows something of a learner is in the document, which is JSON, and no message's text is."""
    me = await busy(store)
    await busy(store, "2")
    await do(store, inbox.keep, [(1, "1", "what I wrote")], NOW)
    async with store.reading() as conn:
        document = await learners.export(conn, me, ["1"])
    assert "what I wrote" not in json.dumps(document)
    rest = {"inbox": 1, "handled": 1, "post": 1, "channel": 1} | LEFT_ALONE
    assert {name: len(rows) for name, rows in document.items()} | rest == {
        **await sizes(store),
        **dict.fromkeys([*document, "post", "channel"], 1),
    }
    assert document["attempt"][0]["at"] == NOW.isoformat()
    assert document["asked"][0]["shown"] == [2, 0, 1]


async def test_the_log_comes_back_in_order(store: Store) -> None:
    """Attempts are read as they were written, of one learner and one item, with ids that grow."""
    me, other = await learner(store), await learner(store, "2")
    given = [
        Attempt(0, "a", NOW, right=True, hinted=True),
        Attempt(0, "a", NOW, Event.GUESSED, of=1),
        Attempt(0, "a", NOW, practice=True),
    ]
    for row in given:
        await do(store, log.append, me, row)
    await do(store, log.append, me, Attempt(0, "b", NOW))
    await do(store, log.append, other, Attempt(0, "a", NOW))
    async with store.reading() as conn:
        found = await log.of_item(conn, me, "a")
    assert [one.id for one in found] == sorted({one.id for one in found})
    assert [(one.event, one.right, one.hinted, one.practice, one.of, one.at) for one in found] == [
        (one.event, one.right, one.hinted, one.practice, one.of, one.at) for one in given
    ]


async def test_what_counts_leaves_out_practice_and_what_was_taken_back(store: Store) -> None:
    """Accuracy counts graded answers only; the streak counts every answer, but no correction."""
    me = await learner(store)
    hour = timedelta(hours=1)
    slip = await do(store, log.append, me, Attempt(0, "a", NOW))
    await do(store, log.append, me, Attempt(0, "a", NOW + hour, Event.TAKEN_BACK, of=slip))
    await do(store, log.append, me, Attempt(0, "a", NOW + 2 * hour, practice=True))
    await do(store, log.append, me, Attempt(0, "a", NOW + 3 * hour, right=True))
    await do(store, log.append, me, Attempt(0, "b", NOW - hour))
    async with store.reading() as conn:
        assert await log.graded_since(conn, me, NOW) == [(NOW + 3 * hour, True)]
        assert await log.moments(conn, me) == [NOW - hour, NOW, NOW + 2 * hour, NOW + 3 * hour]


async def test_cards_are_exact(store: Store) -> None:
    """A card comes back to the last bit, and its newer self replaces it."""
    me = await learner(store)
    newer = Card("dopac-1", 0.1 + 0.2, 1 / 3, NOW, NOW, NOW, False, 6, True)
    for card in (CARD, newer):
        await do(store, log.save_card, me, card)
        async with store.reading() as conn:
            assert await log.cards(conn, me) == {"dopac-1": card}


async def test_a_round_goes_on_from_the_store(store: Store) -> None:
    """A round is found by learner and chat while it is open, as it was last saved."""
    me = await learner(store)
    round_id = await do(store, rounds.start, me, "c", Round(Mode.CRAM, ()), NOW)
    later = NOW + timedelta(minutes=1)
    await do(store, rounds.save, round_id, ROUND, later)
    async with store.reading() as conn:
        assert await rounds.open_round(conn, me, "c") == rounds.RoundRow(round_id, me, "c", ROUND, NOW, later, None)
        assert await rounds.open_round(conn, me, "d") is None
    await do(store, rounds.end, round_id, later)
    async with store.reading() as conn:
        assert await rounds.open_round(conn, me, "c") is None


async def test_a_question_is_answered_once(store: Store) -> None:
    """What was asked waits until it is answered or closed; a second answer is told from the first."""
    me = await learner(store)
    round_id = await do(store, rounds.start, me, "c", ROUND, NOW)
    ids = [await do(store, rounds.ask, round_id, Step(item), (1, 0), NOW) for item in "abc"]
    await do(store, rounds.sent, ids[0], "p", 4, NOW)
    await do(store, rounds.hint, ids[0])
    await do(store, rounds.close, ids[1])
    async with store.reading() as conn:
        put = await rounds.put_by_poll(conn, "p")
        assert put is not None
        assert put.round.round == ROUND
        assert put.learner.id == me
        assert put.asked == rounds.AskedRow(ids[0], round_id, "a", (1, 0), False, True, "p", 4, NOW, NOW, None, False)
        assert put == await rounds.put(conn, ids[0])
        assert await rounds.put_by_poll(conn, "unknown") is await rounds.put(conn, 99) is None
        assert [one.id for one in await rounds.outstanding(conn, round_id)] == [ids[0], ids[2]]
    assert await do(store, rounds.answered, ids[0], 1) is True
    assert await do(store, rounds.answered, ids[0], 2) is False
    async with store.reading() as conn:
        assert [one.id for one in await rounds.outstanding(conn, round_id)] == [ids[2]]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_handled_text_is_wiped_from_the_file(store: Store, tmp_path: Path) -> None:
    """On SQLite the words of a handled update are not in the file any more, not even in its free pages."""
    await do(store, inbox.keep, [(1, "1", "what I wrote " * 500)], NOW)
    await do(store, inbox.done, 1)
    await store.close()  # the last connection to close moves the journal into the file
    assert b"what I wrote" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
