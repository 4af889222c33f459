"""Repairs of single articles"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_repairs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=True),
        sa.Column("alias", sa.Text(), nullable=True),
        sa.Column("ipa", sa.Text(), nullable=True),
        sa.Column("pause_after_ms", sa.BigInteger(), nullable=True),
        sa.Column("voice", sa.Text(), nullable=True),
        sa.Column("rate", sa.Double(), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_repairs_article_id_articles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_repairs")),
    )
    op.create_index("ix_article_repairs_article_id", "article_repairs", ["article_id"])


def downgrade() -> None:
    op.drop_index("ix_article_repairs_article_id", "article_repairs")
    op.drop_table("article_repairs")
