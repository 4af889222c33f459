"""What is kept: tables, sessions, migrations. Times are ms since 1970 (UTC), taken from the database's clock."""
