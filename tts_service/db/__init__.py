"""Persistence: tables, sessions, migrations. Times are ms since 1970 (UTC), from the database's clock."""
