"""The queue: sites take turns at claiming, and an article's jobs are found without reading every job"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_jobs_turn": ["state", "queue", "site", "due_ms", "id"],
    "ix_jobs_article_id": ["article_id"],
    "ix_jobs_article_revision_id": ["article_revision_id"],
}


def upgrade() -> None:
    op.create_table(
        "queue_turns",
        sa.Column("queue", sa.Text(), primary_key=True),
        sa.Column("site", sa.Text(), primary_key=True),
        sa.Column("taken_ms", sa.BigInteger(), nullable=False),
    )
    for name, columns in _INDEXES.items():
        op.create_index(name, "jobs", columns)
    op.drop_column("jobs", "released_ms")


def downgrade() -> None:
    op.add_column("jobs", sa.Column("released_ms", sa.BigInteger(), nullable=True))
    for name in _INDEXES:
        op.drop_index(name, "jobs")
    op.drop_table("queue_turns")
