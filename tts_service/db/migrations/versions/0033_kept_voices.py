"""Sites keep the voice that was the default for English until this version"""

import time

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_BEFORE = {"en": "piper:en_US-joe-medium"}
_KNOWN_BY = ("articles", "webhook_sources", "site_feeds")
"""Tables that name sites, which need no row of their own."""


def upgrade() -> None:
    op.add_column("sites", sa.Column("kept_voices", sa.JSON(), nullable=True))
    connection = op.get_bind()
    sites = sa.table(
        "sites",
        sa.column("name", sa.Text()),
        sa.column("created_ms", sa.BigInteger()),
        sa.column("updated_ms", sa.BigInteger()),
        sa.column("kept_voices", sa.JSON()),
    )
    tables = [sa.table(name, sa.column("site", sa.Text())) for name in _KNOWN_BY]
    named = sa.union(*(sa.select(table.c.site) for table in tables))
    found = set(connection.scalars(named)) - set(connection.scalars(sa.select(sites.c.name)))
    # Nothing was settled for them: a row's time is that of the last change by people.
    rows = [{"name": name, "created_ms": int(time.time() * 1000), "updated_ms": 0} for name in sorted(found)]
    if rows:
        connection.execute(sa.insert(sites), rows)
    connection.execute(sa.update(sites).values(kept_voices=_BEFORE))


def downgrade() -> None:
    op.drop_column("sites", "kept_voices")
