"""What is kept: tables, sessions, migrations. Times are milliseconds since 1970 (UTC), taken from the database's clock."""
