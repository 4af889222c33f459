"""Alembic's entry point: runs on the connection passed by migrate.upgrade."""

from alembic import context

from tts_service.db.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
context.run_migrations()
