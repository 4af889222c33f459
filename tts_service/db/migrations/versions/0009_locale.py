"""Language versions of a document; when a state was told; how often an event came again"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("document_id", sa.Text(), nullable=True))
    op.add_column("articles", sa.Column("locale", sa.Text(), nullable=True))
    op.add_column("articles", sa.Column("source_told_ms", sa.BigInteger(), nullable=True))
    op.create_index("ix_articles_document", "articles", ["site", "document_id"])
    op.add_column("inbound_events", sa.Column("again", sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        "withdrawn_documents",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("source_updated_ms", sa.BigInteger(), nullable=True),
        sa.Column("source_told_ms", sa.BigInteger(), nullable=True),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("site", "document_id", name=op.f("pk_withdrawn_documents")),
    )


def downgrade() -> None:
    op.drop_table("withdrawn_documents")
    with op.batch_alter_table("inbound_events", schema=None) as batch_op:
        batch_op.drop_column("again")
    op.drop_index("ix_articles_document", table_name="articles")
    with op.batch_alter_table("articles", schema=None) as batch_op:
        for column in ("source_told_ms", "locale", "document_id"):
            batch_op.drop_column(column)
