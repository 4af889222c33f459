"""The desk: cases, corrections, the lexicon's history, sites of staff"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TEXTS = ("case_id", "language", "locale")
_NUMBERS = ("now_revision", "now_utterance", "now_token", "obsolete_ms", "answered_ms")


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("voice", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("duplicate_of", sa.Text(), nullable=True),
        sa.Column("assigned_to", sa.Text(), nullable=True),
        sa.Column("correction_id", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("undo", sa.JSON(), nullable=True),
        sa.Column("reports", sa.BigInteger(), nullable=False),
        sa.Column("articles", sa.BigInteger(), nullable=False),
        sa.Column("plays", sa.BigInteger(), nullable=False),
        sa.Column("breaking", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Double(), nullable=False),
        sa.Column("first_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=False),
        sa.Column("updated_ms", sa.BigInteger(), nullable=False),
        sa.Column("settled_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["assigned_to"], ["staff.id"], name=op.f("fk_cases_assigned_to_staff")),
        sa.ForeignKeyConstraint(["duplicate_of"], ["cases.id"], name=op.f("fk_cases_duplicate_of_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_queue", "cases", ["state", "breaking", "rank"])
    op.create_index("ix_cases_site_queue", "cases", ["site", "state", "breaking", "rank"])
    op.create_index("ix_cases_key", "cases", ["site", "language", "voice", "kind", "key"])
    op.create_index(op.f("ix_cases_correction_id"), "cases", ["correction_id"])
    op.create_index(op.f("ix_cases_updated_ms"), "cases", ["updated_ms"])
    op.create_table(
        "case_notes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_notes_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notes")),
    )
    op.create_index(op.f("ix_case_notes_case_id"), "case_notes", ["case_id"])
    op.create_table(
        "corrections",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("site", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("entry_id", sa.Text(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sentences", sa.BigInteger(), nullable=False),
        sa.Column("clips", sa.BigInteger(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("done_ms", sa.BigInteger(), nullable=True),
        sa.Column("taken_back_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_corrections_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index("ix_corrections_site", "corrections", ["site", "created_ms"])
    op.create_index(op.f("ix_corrections_case_id"), "corrections", ["case_id"])
    op.create_index(op.f("ix_corrections_entry_id"), "corrections", ["entry_id"])
    op.create_index(op.f("ix_corrections_created_ms"), "corrections", ["created_ms"])
    op.create_table(
        "correction_clips",
        sa.Column("correction_id", sa.Text(), nullable=False),
        sa.Column("clip_id", sa.Text(), nullable=False),
        sa.Column("from_revision", sa.BigInteger(), nullable=False),
        sa.Column("to_revision", sa.BigInteger(), nullable=True),
        sa.Column("job_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("updated_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["clip_id"], ["clips.id"], name=op.f("fk_correction_clips_clip_id_clips")),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["corrections.id"], name=op.f("fk_correction_clips_correction_id_corrections")
        ),
        sa.PrimaryKeyConstraint("correction_id", "clip_id", name=op.f("pk_correction_clips")),
    )
    op.create_index("ix_correction_clips_state", "correction_clips", ["state"])
    op.create_index("ix_correction_clips_clip", "correction_clips", ["clip_id"])
    op.create_table(
        "lexicon_changes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("correction_id", sa.Text(), nullable=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lexicon_changes")),
    )
    op.create_index(op.f("ix_lexicon_changes_entry_id"), "lexicon_changes", ["entry_id"])
    with op.batch_alter_table("reports") as table:
        for name in _TEXTS:
            table.add_column(sa.Column(name, sa.Text(), nullable=True))
        for name in _NUMBERS:
            table.add_column(sa.Column(name, sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("written", sa.Text(), nullable=False, server_default=""))
        table.create_foreign_key(op.f("fk_reports_case_id_cases"), "cases", ["case_id"], ["id"])
    op.create_index(op.f("ix_reports_case_id"), "reports", ["case_id"])
    op.add_column("jobs", sa.Column("basis", sa.JSON(), nullable=True))
    op.add_column("jobs", sa.Column("correction_id", sa.Text(), nullable=True))
    op.create_index(op.f("ix_jobs_correction_id"), "jobs", ["correction_id"])
    op.add_column("clip_revisions", sa.Column("cause", sa.Text(), nullable=False, server_default="article"))
    op.add_column("clip_revisions", sa.Column("correction_id", sa.Text(), nullable=True))
    op.create_index(op.f("ix_clip_revisions_correction_id"), "clip_revisions", ["correction_id"])
    op.add_column("lexicon_entries", sa.Column("alone", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("lexicon_entries", sa.Column("except_articles", sa.JSON(), nullable=True))
    op.add_column("staff", sa.Column("sites", sa.JSON(), nullable=True))
    op.create_index(op.f("ix_audit_log_subject"), "audit_log", ["subject"])


def downgrade() -> None:
    op.drop_index(op.f("ix_audit_log_subject"), "audit_log")
    for table, columns in (
        ("staff", ("sites",)),
        ("lexicon_entries", ("except_articles", "alone")),
        ("clip_revisions", ("correction_id", "cause")),
        ("jobs", ("correction_id", "basis")),
    ):
        if "correction_id" in columns:
            op.drop_index(op.f(f"ix_{table}_correction_id"), table)
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)
    op.drop_index(op.f("ix_reports_case_id"), "reports")
    with op.batch_alter_table("reports") as batch:
        batch.drop_constraint(op.f("fk_reports_case_id_cases"), type_="foreignkey")
        for name in ("written", *_NUMBERS, *_TEXTS):
            batch.drop_column(name)
    for table in ("lexicon_changes", "correction_clips", "corrections", "case_notes", "cases"):
        op.drop_table(table)
