"""Persistence: tables, sessions, migrations. Times are milliseconds since 1970 (UTC) by the database's clock."""
