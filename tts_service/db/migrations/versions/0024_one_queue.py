"""One queue for deliveries, events, feeds, checks and left-out formats: lease, fence and lost claims in each row"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_TAKEN_MS = 300_000
"""How long a feed or a site was left to the worker that took it."""
_LEASED = ("inbound_events", "site_feeds", "site_rounds", "clip_revisions")
_OLD: dict[str, tuple[str, list[str]]] = {
    "ix_callback_deliveries_due": ("callback_deliveries", ["state", "due_ms"]),
    "ix_callback_deliveries_waiting": ("callback_deliveries", ["endpoint_id", "state", "due_ms"]),
    "ix_callback_deliveries_lease": ("callback_deliveries", ["lease_until_ms"]),
    "ix_inbound_events_due": ("inbound_events", ["state", "due_ms"]),
}
_LEASE = "lease_until_ms IS NOT NULL"
_NEW: dict[str, tuple[str, list[str], str]] = {
    "ix_callback_deliveries_turn": ("callback_deliveries", ["endpoint_id", "due_ms", "id"], "state = 'pending'"),
    "ix_callback_deliveries_leased": ("callback_deliveries", ["endpoint_id", "lease_until_ms"], _LEASE),
    "ix_inbound_events_turn": ("inbound_events", ["asks", "site", "due_ms", "id"], "state = 'received'"),
    "ix_inbound_events_leased": ("inbound_events", ["site", "lease_until_ms"], _LEASE),
}


def upgrade() -> None:
    for name, (table, _) in _OLD.items():
        op.drop_index(name, table)
    for table in _LEASED:
        op.add_column(table, sa.Column("lease_until_ms", sa.BigInteger(), nullable=True))
        op.add_column(table, sa.Column("fence", sa.BigInteger(), nullable=False, server_default="0"))
        op.add_column(table, sa.Column("lost", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("callback_deliveries", sa.Column("lost", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("inbound_events", sa.Column("asks", sa.Boolean(), nullable=False, server_default=sa.false()))
    for table in ("site_feeds", "site_rounds"):
        op.execute(f"UPDATE {table} SET lease_until_ms = taken_ms + {_TAKEN_MS} WHERE taken_ms IS NOT NULL")
        op.drop_column(table, "taken_ms")
    op.drop_column("callback_deliveries", "released_ms")
    op.alter_column("queue_turns", "site", new_column_name="party")
    for name, (table, columns, rows) in _NEW.items():
        op.create_index(name, table, columns, sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))


def downgrade() -> None:
    for name, (table, _, _) in _NEW.items():
        op.drop_index(name, table)
    op.alter_column("queue_turns", "party", new_column_name="site")
    op.add_column("callback_deliveries", sa.Column("released_ms", sa.BigInteger(), nullable=True))
    for table in ("site_feeds", "site_rounds"):
        op.add_column(table, sa.Column("taken_ms", sa.BigInteger(), nullable=True))
    op.drop_column("inbound_events", "asks")
    op.drop_column("callback_deliveries", "lost")
    for table in _LEASED:
        for column in ("lost", "fence", "lease_until_ms"):
            op.drop_column(table, column)
    for name, (table, columns) in _OLD.items():
        op.create_index(name, table, columns)
