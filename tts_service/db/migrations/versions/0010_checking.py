"""Known articles are checked against their CMS again; which hook an article came from"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "site_rounds",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("due_ms", sa.BigInteger(), nullable=False),
        sa.Column("taken_ms", sa.BigInteger(), nullable=True),
        sa.Column("started_ms", sa.BigInteger(), nullable=True),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.Column("last", sa.JSON(), nullable=False),
        sa.Column("alarm_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("site", name=op.f("pk_site_rounds")),
    )
    op.create_index(op.f("ix_site_rounds_due_ms"), "site_rounds", ["due_ms"])
    op.create_table(
        "article_checks",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("checked_ms", sa.BigInteger(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("suspect", sa.Text(), nullable=True),
        sa.Column("suspect_ms", sa.BigInteger(), nullable=True),
        sa.Column("again_ms", sa.BigInteger(), nullable=True),
        sa.Column("listed_in", sa.Text(), nullable=True),
        sa.Column("acted", sa.Text(), nullable=True),
        sa.Column("acted_ms", sa.BigInteger(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_checks_article_id_articles")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_checks")),
    )
    op.create_index("ix_article_checks_again", "article_checks", ["site", "again_ms"])
    op.create_index("ix_article_checks_acted", "article_checks", ["site", "acted_ms"])
    op.create_index("ix_article_checks_listed", "article_checks", ["listed_in"])
    op.add_column("articles", sa.Column("withdrawn_by", sa.Text(), nullable=True))
    op.add_column("articles", sa.Column("hook_id", sa.Text(), nullable=True))
    op.create_index("ix_articles_round", "articles", ["site", "id"])


def downgrade() -> None:
    op.drop_index("ix_articles_round", "articles")
    op.drop_column("articles", "hook_id")
    op.drop_column("articles", "withdrawn_by")
    op.drop_table("article_checks")
    op.drop_table("site_rounds")
