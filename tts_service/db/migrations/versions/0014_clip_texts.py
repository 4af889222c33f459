"""An index of the words of clips, filled for those that exist"""

import sqlalchemy as sa
from alembic import op

from tts_service.speakable.word_index import index_words

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SQLITE = (
    "CREATE VIRTUAL TABLE clip_words USING fts5(words, content='clip_texts', content_rowid='number', detail=none, "
    "columnsize=0, tokenize=\"ascii tokenchars '_'\")",
    "CREATE TRIGGER clip_texts_added AFTER INSERT ON clip_texts BEGIN "
    "INSERT INTO clip_words(rowid, words) VALUES (new.number, new.words); END",
    "CREATE TRIGGER clip_texts_removed AFTER DELETE ON clip_texts BEGIN "
    "INSERT INTO clip_words(clip_words, rowid, words) VALUES ('delete', old.number, old.words); END",
    "CREATE TRIGGER clip_texts_changed AFTER UPDATE ON clip_texts BEGIN "
    "INSERT INTO clip_words(clip_words, rowid, words) VALUES ('delete', old.number, old.words); "
    "INSERT INTO clip_words(rowid, words) VALUES (new.number, new.words); END",
)
_POSTGRESQL = (
    "CREATE INDEX ix_clip_texts_words ON clip_texts USING gin (array_to_tsvector(string_to_array(words, ' ')))",
)
_AT_ONCE = 100
_CLIPS = sa.table("clips", sa.column("id"), sa.column("current_revision"))
_REVISIONS = sa.table(
    "clip_revisions",
    sa.column("clip_id"),
    sa.column("revision"),
    sa.column("title"),
    sa.column("blocks", sa.JSON()),
)


def upgrade() -> None:
    texts = op.create_table(
        "clip_texts",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("clip_id", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["clip_id"], ["clips.id"], name=op.f("fk_clip_texts_clip_id_clips")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_clip_texts")),
        sa.UniqueConstraint("clip_id", name=op.f("uq_clip_texts_clip_id")),
    )
    connection = op.get_bind()
    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite:
        for statement in _SQLITE:
            op.execute(statement)
    last = ""
    while rows := connection.execute(_page(last)).all():
        last = rows[-1].clip_id
        words = [(row.clip_id, index_words([row.title, *(block["text"] for block in row.blocks)])) for row in rows]
        connection.execute(texts.insert(), [{"clip_id": clip_id, "words": found} for clip_id, found in words])
    if not on_sqlite:
        for statement in _POSTGRESQL:
            op.execute(statement)


def _page(last: str) -> sa.Select[tuple[str, str, list[dict[str, str]]]]:
    current = (_CLIPS.c.id == _REVISIONS.c.clip_id) & (_CLIPS.c.current_revision == _REVISIONS.c.revision)
    query = sa.select(_REVISIONS.c.clip_id, _REVISIONS.c.title, _REVISIONS.c.blocks)
    return query.join(_CLIPS, current).where(_CLIPS.c.id > last).order_by(_CLIPS.c.id).limit(_AT_ONCE)


def downgrade() -> None:
    for name in ("changed", "removed", "added"):
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER clip_texts_{name}")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE clip_words")
    op.drop_table("clip_texts")
