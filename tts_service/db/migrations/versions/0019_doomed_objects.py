"""Objects that are to be deleted from the store are recorded with the decision"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "doomed_objects",
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_doomed_objects_due_ms", "doomed_objects", ["due_ms"])


def downgrade() -> None:
    op.drop_table("doomed_objects")
