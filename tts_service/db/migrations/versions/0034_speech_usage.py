"""Characters that were spoken without a job, or by remote voices, by site and day"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "speech_usage",
        sa.Column("site", sa.Text(), primary_key=True),
        sa.Column("day", sa.Text(), primary_key=True),
        sa.Column("use", sa.Text(), primary_key=True),
        sa.Column("characters", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("speech_usage")
