"""Sites with their policy; several voices and speeds in a clip"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sites",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("updated_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sites")),
    )
    op.add_column("clip_revisions", sa.Column("other_voices", sa.JSON(), nullable=True))
    op.add_column("utterances", sa.Column("voice", sa.Text(), nullable=True))
    op.add_column("utterances", sa.Column("rate", sa.Double(), nullable=False, server_default="1.0"))


def downgrade() -> None:
    with op.batch_alter_table("utterances", schema=None) as batch_op:
        batch_op.drop_column("rate")
        batch_op.drop_column("voice")
    with op.batch_alter_table("clip_revisions", schema=None) as batch_op:
        batch_op.drop_column("other_voices")
    op.drop_table("sites")
