"""What became of each format of a clip revision; when a format that was left out is tried again"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clip_revisions", sa.Column("files", sa.JSON(), nullable=True))
    op.add_column("clip_revisions", sa.Column("again_ms", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_clip_revisions_again_ms"), "clip_revisions", ["again_ms"])


def downgrade() -> None:
    op.drop_index(op.f("ix_clip_revisions_again_ms"), table_name="clip_revisions")
    with op.batch_alter_table("clip_revisions", schema=None) as batch_op:
        batch_op.drop_column("again_ms")
        batch_op.drop_column("files")
