"""Sites take turns at claiming jobs; an article's jobs and a correction's changes are found without reading all"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_OLD = {"ix_jobs_waiting": ["state", "queue", "due_ms"], "ix_jobs_lease": ["state", "lease_until_ms"]}
_NEW: dict[str, tuple[list[str], str | None]] = {
    "ix_jobs_due": (["queue", "due_ms"], "queued"),
    "ix_jobs_turn": (["queue", "site", "due_ms", "id"], "queued"),
    "ix_jobs_running": (["queue"], "running"),
    "ix_jobs_state": (["state"], None),
    "ix_jobs_article_id": (["article_id"], None),
    "ix_jobs_article_revision_id": (["article_revision_id"], None),
}
"""Columns, and the only state that is indexed."""


def upgrade() -> None:
    op.create_table(
        "queue_turns",
        sa.Column("queue", sa.Text(), primary_key=True),
        sa.Column("site", sa.Text(), primary_key=True),
        sa.Column("taken_ms", sa.BigInteger(), nullable=False),
    )
    for name in _OLD:
        op.drop_index(name, "jobs")
    for name, (columns, state) in _NEW.items():
        only = sa.text(f"state = '{state}'") if state else None
        op.create_index(name, "jobs", columns, sqlite_where=only, postgresql_where=only)
    op.drop_column("jobs", "released_ms")
    op.create_index("ix_lexicon_changes_correction_id", "lexicon_changes", ["correction_id"])


def downgrade() -> None:
    op.drop_index("ix_lexicon_changes_correction_id", "lexicon_changes")
    op.add_column("jobs", sa.Column("released_ms", sa.BigInteger(), nullable=True))
    for name in _NEW:
        op.drop_index(name, "jobs")
    for name, columns in _OLD.items():
        op.create_index(name, "jobs", columns)
    op.drop_table("queue_turns")
