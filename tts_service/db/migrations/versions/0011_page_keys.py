"""Articles and found addresses are looked up by what all addresses of a page have in common"""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from tts_service.values import PageIdentity

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_AT_ONCE = 1_000
_FOUND = sa.table(
    "found_articles",
    sa.column("site", sa.Text()),
    sa.column("address", sa.Text()),
    sa.column("page_key", sa.Text()),
    sa.column("article_id", sa.Text()),
    sa.column("job_id", sa.Text()),
    sa.column("found_ms", sa.BigInteger()),
)
_ARTICLES = sa.table(
    "articles", sa.column("id", sa.Text()), sa.column("url", sa.Text()), sa.column("page_key", sa.Text())
)


def upgrade() -> None:
    op.add_column("articles", sa.Column("page_key", sa.Text(), nullable=True))
    op.add_column("found_articles", sa.Column("page_key", sa.Text(), nullable=False, server_default=""))
    key = PageIdentity().key
    _fill(_ARTICLES, (_ARTICLES.c.id,), lambda row: key(row.url))
    _drop_repeated(key)
    _fill(_FOUND, (_FOUND.c.site, _FOUND.c.address), lambda row: key(row.address))
    op.create_index("ix_articles_page", "articles", ["page_key", "site"])
    op.create_index("ix_found_articles_page", "found_articles", ["site", "page_key"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_found_articles_page", "found_articles")
    op.drop_index("ix_articles_page", "articles")
    op.drop_column("found_articles", "page_key")
    op.drop_column("articles", "page_key")


def _drop_repeated(key: Callable[[str | None], str | None]) -> None:
    """Of a page found under several addresses, keeps the row that led to an article, else the oldest one."""
    connection = op.get_bind()
    best: dict[tuple[str, str | None], tuple[Any, ...]] = {}
    for row in connection.execute(sa.select(_FOUND)):
        page = (row.site, key(row.address))
        rank = (row.article_id is None, row.job_id is None, row.found_ms, row.address)
        best[page] = min(best.get(page, rank), rank)
    for row in connection.execute(sa.select(_FOUND)).all():
        if best[row.site, key(row.address)][-1] != row.address:
            mine = (_FOUND.c.site == row.site, _FOUND.c.address == row.address)
            connection.execute(sa.delete(_FOUND).where(*mine))


def _fill(table: sa.TableClause, identity: Sequence[Any], key_of: Callable[[Any], str | None]) -> None:
    """Writes each row's key in batches: an archive may have hundreds of thousands."""
    connection = op.get_bind()
    matches = [column == sa.bindparam(f"which_{column.name}") for column in identity]
    update = sa.update(table).where(*matches).values(page_key=sa.bindparam("made"))
    rows = connection.execute(sa.select(table)).all()
    for start in range(0, len(rows), _AT_ONCE):
        some = [
            {"made": key_of(row), **{f"which_{column.name}": getattr(row, column.name) for column in identity}}
            for row in rows[start : start + _AT_ONCE]
        ]
        connection.execute(update, some)
