"""How far clips are listened to; a report is kept once; sections and tags of articles; options of sites"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listening",
        sa.Column("clip_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["clip_id"], ["clips.id"], name=op.f("fk_listening_clip_id_clips")),
        sa.PrimaryKeyConstraint("clip_id", "revision", "day", "what", name=op.f("pk_listening")),
    )
    op.add_column("articles", sa.Column("published_ms", sa.BigInteger(), nullable=True))
    op.add_column("article_revisions", sa.Column("section", sa.Text(), nullable=True))
    op.add_column("article_revisions", sa.Column("tags", sa.JSON(), nullable=True))
    op.add_column("sites", sa.Column("options", sa.JSON(), nullable=True))
    op.add_column("clip_revisions", sa.Column("notice", sa.JSON(), nullable=True))
    op.add_column("utterances", sa.Column("notice_samples", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("player", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("sent_key", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("corrected_revision", sa.BigInteger(), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_reports_sent_key"), ["sent_key"])


def downgrade() -> None:
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_reports_sent_key"), type_="unique")
        batch_op.drop_column("corrected_revision")
        batch_op.drop_column("sent_key")
        batch_op.drop_column("player")
    for table, columns in (
        ("sites", ["options"]),
        ("article_revisions", ["tags", "section"]),
        ("articles", ["published_ms"]),
        ("clip_revisions", ["notice"]),
        ("utterances", ["notice_samples"]),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
    op.drop_table("listening")
