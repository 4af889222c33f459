"""Articles by date, those that were withdrawn, and recordings: a feed costs the same whatever was there before"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_WITHDRAWN = sa.text("withdrawn_ms IS NOT NULL")
_RECORDED = sa.text("cause = 'recording'")


def upgrade() -> None:
    op.create_index("ix_articles_dated", "articles", ["site", sa.text("coalesce(published_ms, created_ms)")])
    op.create_index(
        "ix_articles_withdrawn",
        "articles",
        ["site", "withdrawn_ms"],
        sqlite_where=_WITHDRAWN,
        postgresql_where=_WITHDRAWN,
    )
    op.create_index(
        "ix_clip_revisions_recorded",
        "clip_revisions",
        ["clip_id", "revision"],
        sqlite_where=_RECORDED,
        postgresql_where=_RECORDED,
    )


def downgrade() -> None:
    op.drop_index("ix_clip_revisions_recorded", "clip_revisions")
    op.drop_index("ix_articles_withdrawn", "articles")
    op.drop_index("ix_articles_dated", "articles")
