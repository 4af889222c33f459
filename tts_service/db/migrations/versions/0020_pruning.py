"""Revisions that nothing needs are marked before they go, live pieces too; new columns for the use of a site's quota"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pruning",
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=False),
        sa.Column("held_until_ms", sa.BigInteger(), nullable=False),
        sa.Column("after_clip", sa.Text(), nullable=False),
    )
    op.add_column("clip_revisions", sa.Column("notice_key", sa.Text(), nullable=True))
    op.add_column("clip_revisions", sa.Column("live_kept", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("clip_revisions", sa.Column("unneeded_ms", sa.BigInteger(), nullable=True))
    op.create_index("ix_clip_revisions_notice_key", "clip_revisions", ["notice_key"])
    op.add_column("jobs", sa.Column("characters", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("ix_jobs_used", "jobs", ["site", "created_ms"])


def downgrade() -> None:
    op.drop_index("ix_jobs_used", "jobs")
    op.drop_column("jobs", "characters")
    op.drop_index("ix_clip_revisions_notice_key", "clip_revisions")
    for name in ("unneeded_ms", "live_kept", "notice_key"):
        op.drop_column("clip_revisions", name)
    op.drop_table("pruning")
