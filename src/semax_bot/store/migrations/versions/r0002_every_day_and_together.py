"""Daily prompts, study groups and channels."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BIG = sa.BigInteger()
COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add a column to learners, and the tables."""
    op.add_column("learner", sa.Column("unlisted", sa.Boolean(), server_default=sa.false(), nullable=False))
    _daily()
    _posts()
    _votes()
    _channels()


def _daily() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("learner_id", BIG),
        sa.Column("slots", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text()),
        sa.Column("off", sa.Text()),
        sa.Column("ignored", sa.Integer(), server_default="0", nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscription"),
        _to_learner("subscription"),
        sa.UniqueConstraint("chat", "kind", name="uq_subscription_chat_kind"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscription_learner_id", "subscription", ["learner_id"])
    op.create_table(
        "due",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("next_run_at", MOMENT, nullable=False),
        sa.Column("holder", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_due"),
        sa.UniqueConstraint("kind", "ref", name="uq_due_kind_ref"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_due_urgent_next_run_at", "due", ["urgent", "next_run_at"])
    op.create_table(
        "delivery",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("chat", "kind", "slot", "day", name="uq_delivery_chat_kind_slot_day"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_delivery_at", "delivery", ["at"])


def _posts() -> None:
    op.create_table(
        "group_round",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("starter", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_group_round"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_group_round_chat_ended_at", "group_round", ["chat", "ended_at"])
    op.create_table(
        "post",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("group_round_id", BIG),
        sa.Column("poll", sa.Text()),
        sa.Column("message", BIG),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("closed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("others", sa.Integer(), server_default="0", nullable=False),
        sa.Column("counts", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
        sa.ForeignKeyConstraint(
            ["group_round_id"], ["group_round.id"], name="fk_post_group_round_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("poll", name="uq_post_poll"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_post_chat_item", "post", ["chat", "item"])
    op.create_index("ix_post_group_round_id", "post", ["group_round_id"])


def _votes() -> None:
    op.create_table(
        "vote",
        sa.Column("post_id", BIG, autoincrement=False, nullable=False),
        sa.Column("learner_id", BIG, autoincrement=False, nullable=False),
        sa.Column("home", sa.Text(), nullable=False),
        sa.Column("right", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("post_id", "learner_id", name="pk_vote"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_vote_post_id", ondelete="CASCADE"),
        _to_learner("vote"),
    )
    op.create_index("ix_vote_home_at", "vote", ["home", "at"])
    op.create_index("ix_vote_learner_id", "vote", ["learner_id"])
    op.create_table(
        "member",
        sa.Column("home", sa.Text(), nullable=False),
        sa.Column("learner_id", BIG, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("home", "learner_id", name="pk_member"),
        _to_learner("member"),
    )


def _channels() -> None:
    op.create_table(
        "channel",
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat", name="pk_channel"),
    )
    op.create_table(
        "keeper",
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("learner_id", BIG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("chat", "learner_id", name="pk_keeper"),
        _to_learner("keeper"),
    )


def _to_learner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=f"fk_{table}_learner_id", ondelete="CASCADE")
