"""Weekly summaries for staff, and indexes of overview and answers"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_UNANSWERED = sa.text("email IS NOT NULL AND answered_ms IS NULL")


def upgrade() -> None:
    op.add_column("staff", sa.Column("summary", sa.Text(), nullable=True))
    op.add_column("staff", sa.Column("summary_week", sa.Text(), nullable=True))
    op.create_index("ix_listening_day", "listening", ["day", "what", "clip_id", "times"])
    op.create_index("ix_reports_case_time", "reports", ["case_id", "created_ms"])
    op.create_index(
        "ix_reports_unanswered", "reports", ["state"], sqlite_where=_UNANSWERED, postgresql_where=_UNANSWERED
    )


def downgrade() -> None:
    op.drop_index("ix_reports_unanswered", "reports")
    op.drop_index("ix_reports_case_time", "reports")
    op.drop_index("ix_listening_day", "listening")
    op.drop_column("staff", "summary_week")
    op.drop_column("staff", "summary")
