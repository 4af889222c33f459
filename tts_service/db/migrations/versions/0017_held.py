"""Held revisions: found without reading every revision"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_HELD = sa.text("state = 'held'")


def upgrade() -> None:
    op.create_index(
        "ix_clip_revisions_held",
        "clip_revisions",
        ["clip_id", "revision"],
        sqlite_where=_HELD,
        postgresql_where=_HELD,
    )


def downgrade() -> None:
    op.drop_index("ix_clip_revisions_held", "clip_revisions")
