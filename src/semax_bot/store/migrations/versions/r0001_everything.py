"""The first schema: learners, their log and rounds, updates, and what a chat saw last."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG = sa.BigInteger()
COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create everything."""
    _learner()
    _attempt()
    _card()
    _round()
    _updates()
    _chats()


def _learner() -> None:
    op.create_table(
        "learner",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text()),
        sa.Column("items", sa.Integer(), server_default="5", nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_learner"),
        sa.UniqueConstraint("surface", "handle", name="uq_learner_surface_handle"),
        sqlite_autoincrement=True,
    )


def _attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("learner_id", BIG, nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("right", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("hinted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("practice", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("of", BIG),
        sa.Column("chosen", sa.Text()),
        sa.Column("round_id", BIG),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_attempt_learner_id", ondelete="CASCADE"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_attempt_learner_id_item_id", "attempt", ["learner_id", "item", "id"])
    op.create_index("ix_attempt_learner_id_at", "attempt", ["learner_id", "at"])


def _card() -> None:
    op.create_table(
        "card",
        sa.Column("learner_id", BIG, autoincrement=False, nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("stability", sa.Double(), nullable=False),
        sa.Column("difficulty", sa.Double(), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("last_review", MOMENT, nullable=False),
        sa.Column("first_review", MOMENT, nullable=False),
        sa.Column("right", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("aside", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "item", name="pk_card"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_card_learner_id", ondelete="CASCADE"),
    )
    op.create_index("ix_card_learner_id_due", "card", ["learner_id", "due"])


def _round() -> None:
    op.create_table(
        "round",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("learner_id", BIG, nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("touched_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_round"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_round_learner_id", ondelete="CASCADE"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_round_learner_id_ended_at", "round", ["learner_id", "ended_at"])
    op.create_index("ix_round_chat_ended_at", "round", ["chat", "ended_at"])
    op.create_table(
        "asked",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("round_id", BIG, nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("practice", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("hinted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("poll", sa.Text()),
        sa.Column("message", BIG),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("attempt_id", BIG),
        sa.Column("closed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asked"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_asked_round_id", ondelete="CASCADE"),
        sa.UniqueConstraint("poll", name="uq_asked_poll"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_asked_round_id", "asked", ["round_id"])


def _updates() -> None:
    op.create_table(
        "inbox",
        sa.Column("update_id", BIG, autoincrement=False, nullable=False),
        sa.Column("chat", sa.Text()),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("update_id", name="pk_inbox"),
    )
    op.create_table(
        "handled",
        sa.Column("update_id", BIG, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("update_id", name="pk_handled"),
    )
    op.create_index("ix_handled_at", "handled", ["at"])


def _chats() -> None:
    op.create_table(
        "last_entry",
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat", name="pk_last_entry"),
    )
    op.create_table(
        "answer_link",
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("question", BIG, autoincrement=False, nullable=False),
        sa.Column("answer", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat", "question", name="pk_answer_link"),
    )
    op.create_index("ix_answer_link_at", "answer_link", ["at"])
    op.create_table(
        "confusion",
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("entry", name="pk_confusion"),
    )
    op.create_table(
        "picture",
        sa.Column("bot", BIG, autoincrement=False, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "hash", name="pk_picture"),
    )
