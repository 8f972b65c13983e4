"""What the votes of a group add up to: the board of a round, the leaderboard, and the result of a daily question."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.answering.compose import opened
from semax_bot.course.load import Course
from semax_bot.course.model import Item, ItemKind
from semax_bot.quiz import board
from semax_bot.quiz.judge import judge
from semax_bot.reply import Reply
from semax_bot.store import channels, posts, recall, subscriptions, votes
from semax_bot.store.posts import GroupRound
from semax_bot.store.subscriptions import Kind

EVER = datetime(1970, 1, 1, tzinfo=UTC)


async def of_round(conn: AsyncConnection, course: Course, row: GroupRound, now: datetime) -> tuple[Reply, ...]:
    """The board of a round so far and, if anything was missed, the card of what was missed most."""
    put = [post for post in await posts.of_round(conn, row.id) if post.sent_at]
    tallies = await votes.tallies(conn, [post.id for post in put])
    best = await votes.of_round(conn, row.id)
    people, chats = await votes.voters(conn, row.id), sum(post.others for post in put)
    scores = board.scoreboard(course, best, tallies, people, chats)
    weak = board.weakest(course, tallies)
    if weak is None:
        return (scores,)
    await recall.saw(conn, row.chat, weak.id, now)
    return scores, opened(course, weak, "card")


async def of_home(conn: AsyncConnection, home: str, chat: str, now: datetime, all_time: bool) -> Reply:
    """The best of a group, this week by the chat's own clock, or ever; those who are unlisted are left out."""
    daily = (await subscriptions.of_chat(conn, chat)).get(Kind.QUESTION)
    local = now.astimezone(daily.clock if daily else UTC)
    monday = datetime.combine(local.date() - timedelta(local.weekday()), time(), local.tzinfo)
    best = await votes.of_home(conn, home, EVER if all_time else monday.astimezone(UTC))
    return board.leaderboard(best, all_time)


async def of_post(conn: AsyncConnection, course: Course, post_id: int, counts: Sequence[int] | None) -> Reply:
    """What became of a question. `counts` are the votes by option as shown; None if the poll cannot tell.

    Then an earlier count serves or, where we hear who votes, the votes that we have. A count by option does not tell
    how many people were right if several options are.
    """
    post = await posts.get(conn, post_id)
    assert post is not None
    if counts and len(counts) == len(post.shown):
        await posts.counted(conn, post_id, counts)
    else:
        counts = post.counts
    item, is_channel = course.items[post.item], await channels.known(conn, post.chat)
    (heard,) = await votes.tallies(conn, [post_id])
    answers, right = None if is_channel else heard.answers, heard.right
    if counts and is_single(item):
        answers = sum(counts)
        right = sum(count for place, count in zip(post.shown, counts, strict=True) if judge(item, {place}))
    return board.result(course, item, answers, right, to_card=not is_channel)


def is_single(item: Item) -> bool:
    """Whether one option of an item is to be picked."""
    return item.kind is not ItemKind.ALL
