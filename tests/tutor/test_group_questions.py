"""Questions for everybody outside rounds, over a real store: their results, and those of channels."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.quiz.board import RIGHT
from semax_bot.reply import plain
from semax_bot.schedule.slots import Slots
from semax_bot.store import channels, due, learners, posts
from semax_bot.store.subscriptions import Kind
from semax_bot.tutor.values import Counting, Posted
from tutor.grouped import ANNA, BORIS, CHANNEL, HOME, Group, poll, wrong


async def asks(group: Group) -> Posted:
    """A question by itself, as the daily ones are, which stands in the chat; its result is due a day later."""
    posted = await group.store.write(lambda conn: group.groups.question(conn, group.chat))
    assert posted is not None
    assert posted.seconds is None
    await group.sends(posted)
    await group.store.write(lambda conn: due.put(conn, "result", posted.id, group.clock() + timedelta(days=1)))
    return posted


async def test_the_result_of_a_daily_question(group: Group) -> None:
    """A day later: how many answered, how many of them rightly, votes as a chat included, and why."""
    posted = await asks(group)
    await group.votes(posted, ANNA, after=0)
    await group.votes(posted, BORIS, right=False)
    assert f"1. Anna · {RIGHT} points" in await group.board()
    assert await group.due("result") == []
    group.clock.now += timedelta(days=1)
    (delivery,) = await group.due("result")
    assert delivery.counting is not None
    assert delivery.counting.message == 1000 + posted.id
    counts = [0] * len(posted.question.options)
    counts[posted.question.right[0]] = 3
    counts[next(iter(wrong(posted.question)))] += 1
    item = group.tutor.course.items[posted.question.item]
    reply = await group.groups.result(delivery.counting.post, counts)
    single = not posted.question.several
    assert ("4 people answered, 75%" if single else "2 people answered, 50%") in plain(reply)
    assert " ".join(item.explanation.split()) in plain(reply)
    assert [button.action for row in reply.buttons for button in row] == [f"card:{item.entries[0]}"]
    assert await group.due("result") == []


async def test_a_result_without_its_poll(group: Group) -> None:
    """The message may be gone: then the votes that were heard serve, or an earlier count."""
    posted = await asks(group)
    await group.votes(posted, ANNA)
    assert "1 person answered, and was right." in plain(await group.groups.result(posted.id, None))
    await group.groups.closed(poll(posted), [9])
    assert "1 person answered" in plain(await group.groups.result(posted.id, None))
    counts = [2 * (place in posted.question.right) for place in range(len(posted.question.options))]
    await group.groups.closed(poll(posted), counts)
    assert "2 people answered, 100%" in plain(await group.groups.result(posted.id, None))


async def test_a_question_that_never_came_has_no_result(group: Group) -> None:
    """A result of nothing would only puzzle."""
    posted = await group.store.write(lambda conn: group.groups.question(conn, HOME))
    assert posted is not None
    await group.store.write(lambda conn: due.put(conn, "result", posted.id, group.clock()))
    assert await group.due("result") == []
    assert await group.stored("due") == 0


async def test_a_channels_question_is_anonymous_and_single(group: Group) -> None:
    """As Telegram requires; the votes by option then tell all. Without them no number is made up."""
    channel = group.elsewhere(CHANNEL)

    async def keep(conn: AsyncConnection) -> None:
        learner = await learners.learner_of(conn, *ANNA, group.clock())
        await channels.keep(conn, CHANNEL, "News", learner.id, group.clock())

    await group.store.write(keep)
    for _ in range(len(group.tutor.course.items)):
        posted = await asks(channel)
        assert posted.anonymous
        assert not posted.question.several
        group.clock.now += timedelta(minutes=1)
    reply = await group.groups.result(posted.id, None)
    assert "answered" not in plain(reply).replace(posted.question.text, "")
    assert reply.buttons == ()
    counts = [6 * (place in posted.question.right) for place in range(len(posted.question.options))]
    assert "6 people answered, 100%" in plain(await group.groups.result(posted.id, counts))
    assert "6 people answered" in plain(await group.groups.result(posted.id, None))
    async with group.store.reading() as conn:
        kept = await posts.get(conn, posted.id)
    assert kept is not None
    assert kept.counts == tuple(counts)


async def test_a_group_that_moved_gets_its_result(group: Group) -> None:
    """The old message's id would be another message there, so no poll is closed, and the votes that we have count."""
    await group.tutor.daily.hear(None, HOME, "/daily 12:00 UTC", group=True)
    group.clock.now += timedelta(hours=3)
    (one,) = await group.tutor.deliveries.claim(False, 9)
    begun = await group.tutor.deliveries.begin(one)
    assert begun is not None
    assert begun.post is not None
    await group.groups.moved(HOME, "-100900")
    await group.tutor.deliveries.sent(replace(begun, chat="-100900"), poll(begun.post), 77)
    await group.votes(begun.post, ANNA, BORIS)
    await group.groups.moved("-100900", "-100901")
    group.clock.now += timedelta(hours=23, minutes=59)
    (one,) = await group.tutor.deliveries.claim(False, 9)
    result = await group.tutor.deliveries.begin(one)
    assert result is not None
    assert result.chat == "-100901"
    assert result.counting == Counting(begun.post.id, None)
    assert "2 people answered, 100%" in plain(await group.groups.result(begun.post.id, None))


async def test_the_term_of_a_day_is_that_days(group: Group) -> None:
    """Sent late, after midnight, it is still the term of its own date, and the next one is not skipped."""
    tutor = group.tutor
    await tutor.channels.keep(ANNA, CHANNEL, "Facts")
    await tutor.daily.arrange(CHANNEL, Kind.TERM, Slots((time(21),)), "UTC")
    terms = []
    for moment in ("2026-11-23T21:00+00:00", "2026-11-25T01:00+00:00", "2026-11-25T21:00+00:00"):
        group.clock.now = datetime.fromisoformat(moment)
        (one,) = await tutor.deliveries.claim(False, 9)
        begun = await tutor.deliveries.begin(one)
        assert begun is not None
        terms.append(begun.say[0].entry)
    assert len(set(terms)) == 3
