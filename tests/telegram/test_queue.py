"""The queues: order within a chat, none between chats, and no chat can take more than its place."""

import asyncio
import gc
import inspect
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import (
    CallbackQuery,
    Chat,
    ChatMemberLeft,
    ChatMemberUpdated,
    InaccessibleMessage,
    InlineQuery,
    Message,
    Poll,
    PollAnswer,
    Update,
    User,
)
from telegram.ext import Application, ApplicationBuilder, TypeHandler
from telegram.request import BaseRequest

import virtual_time
from forgetful import Forgetful
from semax_bot.errors import StoreError
from semax_bot.store.store import handling
from semax_bot.telegram.deliver import Room
from semax_bot.telegram.queue import ChatQueues, _room
from semax_bot.tutor.inbox import postpone
from virtual_time import now

THEN = datetime(2026, 1, 1, tzinfo=UTC)
ANNA = User(5, "Anna", False)
PRIVATE = Chat(5, Chat.PRIVATE)
FORUM = Chat(-100, Chat.SUPERGROUP, is_forum=True)


def message(chat: Chat | int, topic: int | None = None, *, is_topic: bool = True) -> Message:
    """A message in a chat, or in a topic of it."""
    where = chat if isinstance(chat, Chat) else Chat(chat, Chat.PRIVATE)
    return Message(1, THEN, where, message_thread_id=topic, is_topic_message=is_topic if topic else None)


def said(chat: Chat | int, topic: int | None = None) -> Update:
    """The update that brings it."""
    return Update(1, message=message(chat, topic))


def queues_of(slots: int) -> ChatQueues:
    """Queues before so many places, over no store."""
    return ChatQueues(slots, Forgetful())


async def process(queues: ChatQueues, *updates: tuple[Update, Callable[[], Coroutine[Any, Any, None]]]) -> None:
    """Hand updates to the queues as the library does: each in a task of its own, in order."""
    async with asyncio.TaskGroup() as tasks:
        for update, handle in updates:
            tasks.create_task(queues.process_update(update, handle()))


@given(
    work=st.lists(st.tuples(st.integers(1, 4), st.floats(0, 10)), max_size=40),
    slots=st.integers(1, 5),
)
def test_order_and_places(work: list[tuple[int, float]], slots: int) -> None:
    """Whatever comes: each chat's updates run one by one in order, and never more than `slots` at once."""

    async def scene() -> list[tuple[int, int, str]]:
        events: list[tuple[int, int, str]] = []

        async def handle(chat: int, number: int, seconds: float) -> None:
            events.append((chat, number, "begins"))
            await asyncio.sleep(seconds)
            events.append((chat, number, "ends"))

        await process(
            queues_of(slots),
            *(
                (said(chat), lambda c=chat, n=number, s=seconds: handle(c, n, s))
                for number, (chat, seconds) in enumerate(work)
            ),
        )
        return events

    events = virtual_time.run(scene())
    for chat in range(1, 5):
        numbers = [number for number, (one, _) in enumerate(work) if one == chat]
        expected = [(chat, number, step) for number in numbers for step in ("begins", "ends")]
        assert [event for event in events if event[0] == chat] == expected
    open_now = [
        sum(1 if step == "begins" else -1 for _, _, step in events[:position]) for position in range(len(events) + 1)
    ]
    assert max(open_now) <= slots


def test_a_busy_chat_takes_one_place() -> None:
    """A chat with a hundred slow updates leaves the second of two places to everyone else."""

    async def scene() -> float:
        done: list[float] = []

        async def slow() -> None:
            await asyncio.sleep(10)

        async def quick() -> None:
            done.append(now())

        await process(queues_of(2), *[(said(1), slow)] * 100, *[(said(chat), quick) for chat in range(2, 50)])
        assert now() == 1000
        return max(done)

    assert virtual_time.run(scene()) == 0


def test_a_failing_update_stops_no_other() -> None:
    """The next update of the same chat is handled, and the place is free again."""

    async def scene() -> list[object]:
        queues, handled = queues_of(1), list[object]()

        async def fail() -> None:
            raise ValueError("a bug")

        async def work() -> None:
            handled.append("next")

        tasks = [asyncio.create_task(queues.process_update(said(1), handle())) for handle in (fail, work)]
        failed, _ = await asyncio.gather(*tasks, return_exceptions=True)
        return [type(failed), *handled]

    assert virtual_time.run(scene()) == [ValueError, "next"]


def test_an_update_cancelled_in_the_queue() -> None:
    """At a hurried stop, what still waits is dropped without 'never awaited', and whoever stands behind moves up."""

    async def scene() -> tuple[str, float]:
        queues, ended = queues_of(1), list[float]()

        async def work() -> None:
            await asyncio.sleep(1)
            ended.append(now())

        waiting = work()
        tasks = [asyncio.create_task(queues.process_update(said(1), handle)) for handle in (work(), waiting, work())]
        await asyncio.sleep(0.5)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return inspect.getcoroutinestate(waiting), ended[-1]

    assert virtual_time.run(scene()) == (inspect.CORO_CLOSED, 2)


def test_idle_queues_are_dropped() -> None:
    """Nothing is left of thousands of chats once their updates are handled."""

    async def scene() -> None:
        queues, most = queues_of(4), 0

        async def work() -> None:
            nonlocal most
            await asyncio.sleep(1)
            most = max(most, len(queues._queues))

        await process(queues, *((said(chat), work) for chat in range(1, 2_001)))
        gc.collect()
        assert most > 1000
        assert len(queues._queues) == 0

    virtual_time.run(scene())


@pytest.mark.parametrize(
    ("update", "room"),
    [
        (said(PRIVATE), Room(5, None)),
        (Update(1, edited_message=message(PRIVATE)), Room(5, None)),
        (said(FORUM, 9), Room(-100, 9)),
        (said(FORUM, 1), Room(-100, None)),
        (said(FORUM), Room(-100, None)),
        (Update(1, message=message(FORUM, 9, is_topic=False)), Room(-100, None)),
        (Update(1, callback_query=CallbackQuery("1", ANNA, "x", message(FORUM, 9))), Room(-100, 9)),
        (Update(1, callback_query=CallbackQuery("1", ANNA, "x", InaccessibleMessage(FORUM, 3))), Room(-100, None)),
        (Update(1, callback_query=CallbackQuery("1", ANNA, "x", inline_message_id="3")), Room(5, None)),
        (Update(1, inline_query=InlineQuery("1", ANNA, "q", "")), Room(5, None)),
        (Update(1, poll_answer=PollAnswer("1", [0], ANNA, option_persistent_ids=["a"])), Room(5, None)),
        (Update(1, poll_answer=PollAnswer("1", [0], voter_chat=FORUM, option_persistent_ids=["a"])), None),
        (
            Update(
                1,
                my_chat_member=ChatMemberUpdated(FORUM, ANNA, THEN, ChatMemberLeft(ANNA), ChatMemberLeft(ANNA)),
            ),
            Room(-100, None),
        ),
        (
            Update(1, poll=Poll("1", "q", [], 0, True, True, "quiz", False, allows_revoting=False, members_only=False)),
            None,
        ),
        (Update(1), None),
        ("not an update", None),
    ],
)
def test_where_an_update_belongs(update: object, room: Room | None) -> None:
    """Chat and topic decide; what comes without a chat belongs to the person, in one queue with their private chat."""
    assert _room(update) == room


def test_an_answer_to_a_poll_waits_in_the_chat_of_the_poll() -> None:
    """The update names the voter only; two votes in one group are handled one by one."""

    async def scene() -> list[float]:
        queues, ended = queues_of(10), list[float]()
        queues.polls = {1: Room(-100, None), 2: Room(-100, None)}

        async def handle() -> None:
            await asyncio.sleep(1)
            ended.append(now())

        votes = [
            Update(
                number,
                poll_answer=PollAnswer(str(number), (0,), User(number, "X", False), option_persistent_ids=("a",)),
            )
            for number in (1, 2, 3)
        ]
        await process(queues, *((vote, handle) for vote in votes))
        assert queues.polls == {}
        return sorted(ended)

    assert virtual_time.run(scene()) == [1, 1, 2]


def test_an_update_leaves_the_inbox_when_its_handler_has_stored_nothing() -> None:
    """What was stored took it along; what has failed is not repeated forever."""

    async def scene() -> list[int]:
        inbox = Forgetful()
        queues = ChatQueues(10, inbox)

        async def store() -> None:
            current = handling.get()
            assert current is not None
            current.stored = True

        async def nothing() -> None:
            assert handling.get() is not None

        await process(queues, (Update(1), store), (Update(2), nothing))
        assert handling.get() is None
        return inbox.done_with

    assert virtual_time.run(scene()) == [2]


def test_an_update_that_cannot_be_stored_waits_and_is_handed_over_again() -> None:
    """A full disk loses no vote: it stays in the inbox, and its person is told once that it takes longer."""

    async def scene() -> tuple[list[bool], list[int], list[Update]]:
        inbox = Forgetful()
        queues, first_tries = ChatQueues(10, inbox), list[bool]()

        async def fail() -> None:
            first_tries.append(postpone())

        async def succeed() -> None:
            """The disk has room again."""

        vote = Update(7, poll_answer=PollAnswer("1", [0], ANNA, option_persistent_ids=["a"]))
        queues.polls[7] = Room(-100, None)
        await process(queues, (vote, fail))
        for _ in range(2):
            assert queues.waiting() == [vote]
            assert queues.polls == {7: Room(-100, None)}
            await process(queues, (vote, fail))
        waiting = queues.waiting()
        await process(queues, (vote, succeed))
        return first_tries, inbox.done_with, [*waiting, *queues.waiting()]

    first_tries, done, waiting = virtual_time.run(scene())
    assert first_tries == [True, False, False]
    assert done == [7]
    assert len(waiting) == 1


def test_what_could_not_leave_the_inbox_leaves_it_with_the_next() -> None:
    """An update that is handled is not handled again after the next start."""

    async def scene() -> list[int]:
        class Full(Forgetful):
            async def done(self, *update_ids: int) -> None:
                if len(update_ids) == 1:
                    raise StoreError("the disk is full")
                await super().done(*update_ids)

        inbox = Full()
        queues = ChatQueues(1, inbox)

        async def nothing() -> None:
            """Handle it."""

        await process(queues, (Update(1), nothing), (Update(2), nothing))
        return inbox.done_with

    assert sorted(virtual_time.run(scene())) == [1, 2]


def test_topics_do_not_wait_for_each_other() -> None:
    """A slow topic of a forum holds up neither another topic nor updates that belong nowhere."""

    async def scene() -> dict[str, float]:
        ended: dict[str, float] = {}

        def work(name: str, seconds: float) -> Callable[[], Coroutine[Any, Any, None]]:
            async def handle() -> None:
                await asyncio.sleep(seconds)
                ended[name] = now()

            return handle

        await process(
            queues_of(10),
            (said(FORUM, 8), work("slow", 10)),
            (said(FORUM, 9), work("other topic", 1)),
            (said(FORUM, 8), work("behind", 1)),
            (Update(1), work("nowhere", 5)),
            (Update(2), work("nowhere too", 1)),
        )
        return ended

    ended = virtual_time.run(scene())
    assert ended == {"other topic": 1, "nowhere too": 1, "nowhere": 5, "slow": 10, "behind": 11}


class _OnlyMe(BaseRequest):
    """A network on which only getMe works."""

    read_timeout = 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(self, url: str, *_: Any, **__: Any) -> tuple[int, bytes]:
        """Answer getMe."""
        assert url.endswith("/getMe")
        return 200, b'{"ok": true, "result": {"id": 1, "is_bot": true, "first_name": "Bot", "username": "bot"}}'


def test_inside_the_library() -> None:
    """In a real application: chats go side by side, order is kept, and stopping waits for all that is in flight."""

    async def scene() -> list[tuple[int, str, float]]:
        seen: list[tuple[int, str, float]] = []

        async def handle(update: Update, _: object) -> None:
            assert update.effective_chat is not None
            chat, text = update.effective_chat.id, str(update.update_id)
            seen.append((chat, text, now()))
            await asyncio.sleep(2)
            if text == "1":
                raise ValueError("a bug")

        async def note(*_: object) -> None:
            seen.append((0, "error", now()))

        builder = ApplicationBuilder().token("1:x").request(_OnlyMe()).get_updates_request(_OnlyMe())
        application: Application[Any, Any, Any, Any, Any, Any] = (
            builder.updater(None).job_queue(None).concurrent_updates(queues_of(2)).build()
        )
        application.add_handler(TypeHandler(Update, handle))
        application.add_error_handler(note)
        async with application:
            await application.start()
            for number, chat in enumerate([1, 1, 1, 2, 3]):
                await application.update_queue.put(Update(number, message=message(chat)))
            await asyncio.sleep(1)
            await application.stop()
        return seen

    assert virtual_time.run(scene()) == [
        *((1, "0", 0), (2, "3", 0)),
        *((3, "4", 2), (1, "1", 2)),
        *((0, "error", 4), (1, "2", 4)),
    ]
