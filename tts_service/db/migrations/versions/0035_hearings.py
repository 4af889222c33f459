"""What we hear ourselves of finished clips: what waits, what was heard, and the cases of it"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_WAITING = sa.text("due_ms IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "hearings",
        sa.Column("clip_id", sa.Text(), sa.ForeignKey("clips.id"), primary_key=True),
        sa.Column("revision", sa.BigInteger(), primary_key=True),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("publishes", sa.Boolean(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("cases", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=True),
        sa.Column("lease_until_ms", sa.BigInteger(), nullable=True),
        sa.Column("fence", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("lost", sa.BigInteger(), nullable=False, server_default="0"),
    )
    op.create_index(
        "ix_hearings_waiting",
        "hearings",
        ["urgent", "site", "due_ms"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_index("ix_hearings_site", "hearings", ["site"])
    op.create_table(
        "heard_sentences",
        sa.Column("site", sa.Text(), primary_key=True),
        sa.Column("segment_key", sa.Text(), primary_key=True),
        sa.Column("clip_id", sa.Text(), sa.ForeignKey("clips.id"), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("voice", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), sa.ForeignKey("cases.id"), nullable=True),
        sa.Column("heard_ms", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_heard_sentences_voice", "heard_sentences", ["voice", "language", "heard_ms"])
    op.create_index("ix_heard_sentences_clip", "heard_sentences", ["clip_id"])
    op.create_index("ix_heard_sentences_case", "heard_sentences", ["case_id"])


def downgrade() -> None:
    op.drop_table("heard_sentences")
    op.drop_table("hearings")
