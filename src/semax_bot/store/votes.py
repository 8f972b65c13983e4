"""Who answered the questions of a group, for its boards."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from semax_bot.quiz.values import Score, Tally
from semax_bot.store.schema import learner, member, post, vote
from semax_bot.store.upsert import inserting, upsert

_RIGHT = func.sum(case((vote.c.right, 1), else_=0))
_BOARD = (
    select(member.c.name, func.sum(vote.c.points), _RIGHT, func.count())
    .select_from(vote)
    .join(member, (member.c.home == vote.c.home) & (member.c.learner_id == vote.c.learner_id))
    .join(learner, learner.c.id == vote.c.learner_id)
    .where(~learner.c.unlisted)
    .group_by(vote.c.learner_id, member.c.name)
    .order_by(func.sum(vote.c.points).desc(), _RIGHT.desc(), member.c.name, vote.c.learner_id)
)
_OF_ROUND = _BOARD.join(post, post.c.id == vote.c.post_id).where(post.c.group_round_id == bindparam("of_round"))
_OF_HOME = _BOARD.where(vote.c.home == bindparam("at_home"), vote.c.at >= bindparam("since"))
_TALLIES = (
    select(post.c.item, func.count(vote.c.learner_id), func.coalesce(_RIGHT, 0))
    .outerjoin(vote, vote.c.post_id == post.c.id)
    .where(post.c.id.in_(bindparam("posts", expanding=True)))
    .group_by(post.c.id, post.c.item)
    .order_by(post.c.id)
)
_VOTERS = (
    select(func.count(vote.c.learner_id.distinct()))
    .join(post, post.c.id == vote.c.post_id)
    .where(post.c.group_round_id == bindparam("of_round"))
)
_NAME = select(member.c.name).where(member.c.home == bindparam("at_home"), member.c.learner_id == bindparam("mine"))


async def add(  # noqa: PLR0913, PLR0917 - the columns of a row
    conn: AsyncConnection, post_id: int, learner_id: int, home: str, right: bool, points: int, now: datetime
) -> bool:
    """Store a learner's answer to a post. False, and nothing changes, if there was one before."""
    values = {"post_id": post_id, "learner_id": learner_id, "home": home, "right": right, "points": points, "at": now}
    first = await conn.execute(inserting(conn, vote).on_conflict_do_nothing().returning(vote.c.post_id), values)
    return first.first() is not None


async def named(conn: AsyncConnection, home: str, learner_id: int, name: str) -> None:
    """By this name a learner goes in a group."""
    known = (await conn.execute(_NAME, {"at_home": home, "mine": learner_id})).scalar()
    if known != name:
        await upsert(conn, member, {"home": home, "learner_id": learner_id, "name": name})


async def of_round(conn: AsyncConnection, round_id: int) -> list[Score]:
    """The board of a group's round, best first, without those who are unlisted."""
    return [Score(*row) for row in await conn.execute(_OF_ROUND, {"of_round": round_id})]


async def voters(conn: AsyncConnection, round_id: int) -> int:
    """How many learners answered in a group's round, unlisted ones too."""
    return int((await conn.execute(_VOTERS, {"of_round": round_id})).scalar_one())


async def of_home(conn: AsyncConnection, home: str, since: datetime) -> list[Score]:
    """The board of a group since a moment, best first, without those who are unlisted."""
    rows = await conn.execute(_OF_HOME, {"at_home": home, "since": since})
    return [Score(*row) for row in rows]


async def tallies(conn: AsyncConnection, posts: Sequence[int]) -> list[Tally]:
    """How the learners answered these posts, in order; votes as a chat are not among them."""
    return [Tally(*row) for row in await conn.execute(_TALLIES, {"posts": list(posts)})]
