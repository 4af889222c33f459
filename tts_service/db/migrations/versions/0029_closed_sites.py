"""Sites that are being erased: since when, by whom, and whether only their row is left"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sites", sa.Column("closed_ms", sa.BigInteger(), nullable=True))
    op.add_column("sites", sa.Column("closed_by", sa.Text(), nullable=True))
    op.add_column("sites", sa.Column("emptied_ms", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for column in ("emptied_ms", "closed_by", "closed_ms"):
        op.drop_column("sites", column)
