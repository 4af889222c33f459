"""An index of the reports that staff haven't decided: beat looks for them every minute, among all that ever came"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_UNDECIDED = sa.text("state IN ('new', 'confirmed')")


def upgrade() -> None:
    op.create_index(
        "ix_reports_open", "reports", ["clip_id"], sqlite_where=_UNDECIDED, postgresql_where=_UNDECIDED
    )


def downgrade() -> None:
    op.drop_index("ix_reports_open", "reports")
