"""Failed jobs by the time of their failure: an index of them alone, for the page Running"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_ONLY = sa.text("state = 'failed'")


def upgrade() -> None:
    # Begins with the state, which is always the same: without statistics SQLite takes an index with an equality first.
    op.create_index("ix_jobs_failed", "jobs", ["state", "finished_ms"], sqlite_where=_ONLY, postgresql_where=_ONLY)


def downgrade() -> None:
    op.drop_index("ix_jobs_failed", "jobs")
