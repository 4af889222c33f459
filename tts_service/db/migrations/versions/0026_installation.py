"""The database has an id, which the store names as its owner"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("store_unknown", sa.Boolean(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("installation")
