"""The tables, as both databases have them. What makes them is in `migrations`; a test holds the two together."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. Raises ValueError for a naive time, which would be anyone's guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware to UTC; SQLite stores it without the zone."""
        if value is not None and value.utcoffset() is None:
            raise ValueError(f"{value} has no time zone; store moments in UTC.")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC, aware on both databases."""
        return value.replace(tzinfo=UTC) if value else None


class Places(TypeDecorator[tuple[int, ...]]):
    """Places of options, as a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> str | None:
        """A list of numbers."""
        return None if value is None else json.dumps(list(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[int, ...] | None:
        """The numbers again."""
        return None if value is None else tuple(json.loads(value))


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

_Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only in INTEGER columns


def _counted(name: str, *rest: Column[Any] | Index | UniqueConstraint) -> Table:
    """A table whose rows are numbered; no number is ever used twice, not even after its row is gone."""
    return Table(name, metadata, Column("id", _Id, primary_key=True), *rest, sqlite_autoincrement=True)


def _learner_id(*, key: bool = False) -> Column[int]:
    parent = ForeignKey("learner.id", ondelete="CASCADE")
    return Column("learner_id", BigInteger, parent, primary_key=key, nullable=False, autoincrement=False)


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _moment(name: str, *, null: bool = False) -> Column[datetime]:
    return Column(name, Moment, nullable=null)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=false())


def _number_key(name: str) -> Column[int]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


learner = _counted(
    "learner",
    _text("surface"),
    _text("handle"),  # the person's id on that surface
    _text("zone", null=True),  # an IANA name
    Column("items", Integer, nullable=False, server_default="5"),
    _flag("paused"),
    _moment("made_at"),
    _flag("unlisted"),  # left out of scoreboards and leaderboards
    UniqueConstraint("surface", "handle"),
)

attempt = _counted(  # append-only
    "attempt",
    _learner_id(),
    _text("item"),
    _moment("at"),
    _text("event"),
    _flag("right"),
    _flag("hinted"),
    _flag("practice"),
    Column("of", BigInteger),
    Column("chosen", Places),  # as authored, so that an author can count wrong options
    Column("round_id", BigInteger),
    Index(None, "learner_id", "item", "id"),
    Index(None, "learner_id", "at"),
)

card = Table(  # derived from attempt
    "card",
    metadata,
    _learner_id(key=True),
    Column("item", Text, primary_key=True),
    Column("stability", Double, nullable=False),
    Column("difficulty", Double, nullable=False),
    _moment("due"),
    _moment("last_review"),
    _moment("first_review"),
    _flag("right"),
    Column("misses", Integer, nullable=False),
    _flag("aside"),
    Index(None, "learner_id", "due"),
)

round_ = _counted(
    "round",
    _learner_id(),
    _text("chat"),
    _text("state"),  # quiz.values.Round as JSON
    _moment("made_at"),
    _moment("touched_at"),
    _moment("ended_at", null=True),
    Index(None, "learner_id", "ended_at"),
    Index(None, "chat", "ended_at"),
)

asked = _counted(
    "asked",
    Column("round_id", BigInteger, ForeignKey("round.id", ondelete="CASCADE"), nullable=False),
    _text("item"),
    Column("shown", Places, nullable=False),  # the authored place of each option, in the order shown
    _flag("practice"),
    _flag("hinted"),
    Column("poll", Text, unique=True),
    Column("message", BigInteger),
    _moment("made_at"),
    _moment("sent_at", null=True),
    Column("attempt_id", BigInteger),
    _flag("closed"),
    Index(None, "round_id"),
)

inbox = Table(  # the only place where a message's text is kept, until it is handled
    "inbox", metadata, _number_key("update_id"), _text("chat", null=True), _text("raw"), _moment("received_at")
)

handled = Table("handled", metadata, _number_key("update_id"), _moment("at"), Index(None, "at"))

last_entry = Table("last_entry", metadata, Column("chat", Text, primary_key=True), _text("entry"), _moment("at"))

answer_link = Table(
    "answer_link",
    metadata,
    Column("chat", Text, primary_key=True),
    _number_key("question"),
    Column("answer", BigInteger, nullable=False),
    _moment("at"),
    Index(None, "at"),
)

confusion = Table(
    "confusion", metadata, Column("entry", Text, primary_key=True), Column("times", Integer, nullable=False)
)

picture = Table("picture", metadata, _number_key("bot"), Column("hash", Text, primary_key=True), _text("file_id"))

subscription = _counted(  # what a chat wants every day; a person's goes by the person's own time zone
    "subscription",
    _text("chat"),
    _text("kind"),
    Column("learner_id", BigInteger, ForeignKey("learner.id", ondelete="CASCADE")),  # of a private chat
    _text("slots"),  # schedule.slots.Slots
    _text("zone", null=True),  # of a group or channel, an IANA name
    _text("off", null=True),  # why it is switched off
    Column("ignored", Integer, nullable=False, server_default="0"),  # prompts in a row
    _moment("made_at"),
    UniqueConstraint("chat", "kind"),
    Index(None, "learner_id"),
)

due = _counted(  # what the clock is to do next, each at most once per kind and what it refers to
    "due",
    _text("kind"),
    Column("ref", BigInteger, nullable=False),
    _moment("at"),
    _flag("urgent"),  # somebody waits for it
    _moment("next_run_at"),  # `at`, or while somebody holds it the end of the lease
    _text("holder", null=True),
    UniqueConstraint("kind", "ref"),
    Index(None, "urgent", "next_run_at"),
)

delivery = _counted(  # what the clock has begun to send
    "delivery",
    _text("chat"),
    _text("kind"),
    _text("slot"),
    _text("day"),  # the chat's local date
    _text("state"),
    _moment("at"),
    UniqueConstraint("chat", "kind", "slot", "day"),
    Index(None, "at"),
)

group_round = _counted(
    "group_round",
    _text("chat"),
    _text("starter"),  # the person's handle; empty for an admin who stays anonymous
    _text("state"),  # quiz.values.Round as JSON
    Column("seconds", Integer, nullable=False),  # for each question
    _moment("made_at"),
    _moment("ended_at", null=True),
    Index(None, "chat", "ended_at"),
)

post = _counted(  # a question for everybody in a chat
    "post",
    _text("chat"),
    _text("item"),
    Column("shown", Places, nullable=False),
    Column("group_round_id", BigInteger, ForeignKey("group_round.id", ondelete="CASCADE")),
    Column("poll", Text, unique=True),
    Column("message", BigInteger),
    _moment("made_at"),
    _moment("sent_at", null=True),
    _flag("closed"),
    Column("others", Integer, nullable=False, server_default="0"),  # votes of chats
    Column("counts", Places),  # votes by option, in the order shown, once the poll is closed
    Index(None, "chat", "item"),
    Index(None, "group_round_id"),
)

vote = Table(
    "vote",
    metadata,
    Column("post_id", BigInteger, ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    _learner_id(key=True),
    _text("home"),  # the group, whatever the topic
    _flag("right"),
    Column("points", Integer, nullable=False),
    _moment("at"),
    Index(None, "home", "at"),
    Index(None, "learner_id"),
)

member = Table(  # by what name somebody who has answered stands on a group's board
    "member", metadata, Column("home", Text, primary_key=True), _learner_id(key=True), _text("name")
)

channel = Table("channel", metadata, Column("chat", Text, primary_key=True), _text("title"), _moment("at"))

keeper = Table(  # who has set a channel up; whether they still may is asked of the surface
    "keeper", metadata, Column("chat", Text, primary_key=True), _learner_id(key=True)
)
