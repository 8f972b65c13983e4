"""The store: one writer that commits in groups, and in which no change can harm another."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.errors import StoreError
from semax_bot.store import inbox
from semax_bot.store.schema import confusion
from semax_bot.store.store import Handling, Store, handling

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def add(entry: str) -> Callable[[AsyncConnection], Awaitable[str]]:
    """A change that stores an entry, which must be new, and returns it."""

    async def change(conn: AsyncConnection) -> str:
        await conn.execute(insert(confusion), {"entry": entry, "times": 1})
        return entry

    return change


async def stored(store: Store) -> list[str]:
    """The entries that were committed."""
    async with store.reading() as conn:
        return sorted((await conn.execute(select(confusion.c.entry))).scalars())


async def test_a_change_is_committed_and_returns_its_result(store: Store, url: str, tmp_path: Path) -> None:
    """What a caller has seen acknowledged is there for whoever opens the database next."""
    assert await store.write(add("dopac")) == "dopac"
    other = await Store.open(url, tmp_path)
    assert await stored(other) == ["dopac"]
    await other.close()


async def test_changes_that_wait_share_a_commit(store: Store) -> None:
    """A hundred callers at once cost a few syncs of the disk, not a hundred."""
    commits: list[object] = []
    event.listen(store._database.writer.sync_engine, "commit", commits.append)
    names = [f"e{number:03}" for number in range(100)]
    assert await asyncio.gather(*(store.write(add(name)) for name in names)) == names
    assert await stored(store) == names
    assert len(commits) <= 3


async def test_a_bad_change_fails_alone(store: Store) -> None:
    """A change that breaks a rule, or raises, gets its own error; those that shared its group are stored."""

    async def broken(conn: AsyncConnection) -> None:
        await add("half")(conn)
        raise LookupError("a bug of ours")

    results = await asyncio.gather(
        *(store.write(change) for change in (add("a"), add("a"), broken, add("b"))), return_exceptions=True
    )
    assert [type(result) for result in results] == [str, IntegrityError, LookupError, str]
    assert await stored(store) == ["a", "b"]


async def test_an_error_quotes_no_values(store: Store) -> None:
    """An error that ends in a log names the statement, and nothing that a person wrote."""
    await store.write(add("what I wrote"))
    with pytest.raises(IntegrityError) as caught:
        await store.write(add("what I wrote"))
    assert "INSERT INTO confusion" in str(caught.value)
    assert "what I wrote" not in str(caught.value)


async def test_a_failing_commit_harms_only_its_change(store: Store) -> None:
    """What the database refuses only at the commit is rolled back, and the others of the group are stored."""

    async def orphan(conn: AsyncConnection) -> None:
        if conn.dialect.name == "sqlite":
            await conn.execute(text("PRAGMA defer_foreign_keys = ON"))
            await conn.execute(text("INSERT INTO asked (round_id, item, shown, made_at) VALUES (9, '', '', '')"))
            return
        constraint = "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON confusion DEFERRABLE INITIALLY DEFERRED "
        await conn.execute(
            text("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'late'; END$$")
        )
        await conn.execute(text(constraint + "FOR EACH ROW EXECUTE FUNCTION refuse()"))
        await add("orphan")(conn)

    results = await asyncio.gather(
        *(store.write(change) for change in (add("a"), orphan, add("b"))), return_exceptions=True
    )
    assert (results[0], results[2]) == ("a", "b")
    assert isinstance(results[1], DBAPIError)
    assert await stored(store) == ["a", "b"]


async def test_a_cancelled_caller_breaks_nothing(store: Store) -> None:
    """A caller that gives up while its change is made leaves it done; one whose change still waits leaves it undone."""
    entered, leave = asyncio.Event(), asyncio.Event()

    async def slow(conn: AsyncConnection) -> None:
        await add("slow")(conn)
        entered.set()
        await leave.wait()

    writing = asyncio.create_task(store.write(slow))
    await asyncio.wait_for(entered.wait(), 5)
    waiting = asyncio.create_task(store.write(add("waiting")))
    after = asyncio.create_task(store.write(add("after")))
    await asyncio.sleep(0)
    writing.cancel()
    waiting.cancel()
    leave.set()
    assert await after == "after"
    assert await stored(store) == ["after", "slow"]


async def test_a_cancelled_reader_leaves_the_store_usable(store: Store) -> None:
    """A handler that is shut down in the middle of a query costs no connection."""

    async def read() -> None:
        async with store.reading() as conn:
            await conn.execute(select(func.count()).select_from(confusion))
            await asyncio.Event().wait()

    for _ in range(8):  # more than there are connections
        reader = asyncio.create_task(read())
        for _ in range(3):
            await asyncio.sleep(0)
        reader.cancel()
        await asyncio.wait([reader])
    await store.write(add("a"))
    assert await stored(store) == ["a"]


async def test_a_reader_sees_one_moment(store: Store) -> None:
    """Two queries of one context agree, whatever is written between them, and the writer does not wait for readers."""
    async with store.reading() as conn:
        before = (await conn.execute(select(func.count()).select_from(confusion))).scalar()
        await store.write(add("a"))
        assert (await conn.execute(select(func.count()).select_from(confusion))).scalar() == before == 0
    assert await stored(store) == ["a"]


async def test_close_finishes_what_waits(store: Store, url: str, tmp_path: Path) -> None:
    """Nothing that was handed over is lost by a shutdown; what comes later is refused in plain words."""
    names = [f"e{number}" for number in range(9)]
    writing = [asyncio.create_task(store.write(add(name))) for name in names]
    await asyncio.sleep(0)
    await store.close()
    assert await asyncio.gather(*writing) == names
    with pytest.raises(StoreError, match="closed"):
        await store.write(add("late"))
    again = await Store.open(url, tmp_path)
    assert await stored(again) == names
    await again.close()


async def test_an_update_leaves_the_inbox_with_its_effects(store: Store) -> None:
    """An update is gone from the inbox exactly when what it did is stored, so a crash neither loses nor doubles."""
    await store.write(lambda conn: inbox.keep(conn, [(1, "c", "{}"), (2, "c", "{}")], NOW))

    async def fail(conn: AsyncConnection) -> None:
        raise LookupError

    async def handle(update: int, change: Callable[[AsyncConnection], Awaitable[object]]) -> None:
        current = Handling(update)
        handling.set(current)
        try:
            await store.write(change)
        finally:
            assert current.stored is (update == 1)

    results = await asyncio.gather(handle(1, add("done")), handle(2, fail), return_exceptions=True)
    assert [type(result) for result in results] == [type(None), LookupError]
    async with store.reading() as conn:
        assert [row[0] for row in await inbox.waiting(conn)] == [2]
    await store.write(add("unrelated"))
    assert await stored(store) == ["done", "unrelated"]


async def test_two_stores_count_together(store: Store, url: str, tmp_path: Path) -> None:
    """Two processes that read and then write the same row lose no count: on PostgreSQL a collision is run again."""
    other = await Store.open(url, tmp_path)
    await store.write(add("shared"))

    async def increase(conn: AsyncConnection) -> None:
        times = (await conn.execute(select(confusion.c.times).where(confusion.c.entry == "shared"))).scalar_one()
        await conn.execute(confusion.update().where(confusion.c.entry == "shared").values(times=times + 1))

    async def caller(mine: Store) -> None:
        for _ in range(10):
            await mine.write(increase)

    await asyncio.gather(caller(store), caller(other))
    async with store.reading() as conn:
        assert (await conn.execute(select(confusion.c.times))).scalar() == 21
    await other.close()
