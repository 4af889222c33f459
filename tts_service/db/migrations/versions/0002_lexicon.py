"""Lexicon entries"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lexicon_entries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("article", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("graphemes", sa.JSON(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=True),
        sa.Column("ipa", sa.Text(), nullable=True),
        sa.Column("case_sensitive", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("updated_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lexicon_entries")),
    )
    with op.batch_alter_table("lexicon_entries", schema=None) as batch_op:
        batch_op.create_index("ix_lexicon_entries_scope", ["scope", "site", "article"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("lexicon_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_lexicon_entries_scope")

    op.drop_table("lexicon_entries")
