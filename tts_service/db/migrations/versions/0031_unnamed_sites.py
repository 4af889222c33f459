"""Sites that are being erased: since when others' rows no longer name them"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sites", sa.Column("unnamed_ms", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("sites", "unnamed_ms")
