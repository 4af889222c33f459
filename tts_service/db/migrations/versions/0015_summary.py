"""Weekly summaries for staff, and indexes of the overview"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("summary", sa.Text(), nullable=True))
    op.add_column("staff", sa.Column("summary_week", sa.Text(), nullable=True))
    op.create_index("ix_listening_day", "listening", ["day", "what", "clip_id", "times"])
    op.create_index("ix_reports_case_time", "reports", ["case_id", "created_ms"])


def downgrade() -> None:
    op.drop_index("ix_reports_case_time", "reports")
    op.drop_index("ix_listening_day", "listening")
    op.drop_column("staff", "summary_week")
    op.drop_column("staff", "summary")
