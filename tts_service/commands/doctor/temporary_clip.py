"""A temporary finished clip: rows and file exist only while they are checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from tts_service.db.session import Database, new_id
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow
from tts_service.provenance.record import Provenance
from tts_service.settings import Settings
from tts_service.storage.base import ClipStore
from tts_service.storage.store import open_store
from tts_service.values import Rendition

SITE = "tts-service-doctor"
"""A site that no newsroom has; the next check deletes what an interrupted one left there."""
_LEFT_MS = 600_000
"""Anything older doesn't belong to another check that is still running."""


@contextmanager
def temporary_clip(settings: Settings, data: bytes, record: Provenance) -> Iterator[str]:
    """A public clip with this MP3 as its file; its id. Raises DatabaseUnavailable, StoreUnavailable."""
    database, store = Database(settings.database), open_store(settings)
    clip = new_id("clip")
    digest = hashlib.sha256(data).hexdigest()
    made = Rendition(format="mp3", media_type="audio/mpeg", bytes=len(data), sha256=digest, stored=f"{digest[:16]}.mp3")
    try:
        store.put(f"clips/{clip}/1/{made.stored}", data)
        with database.writing() as session:
            now_ms = database.now_ms(session)
            left = _forget(session, ArticleRow.created_ms < now_ms - _LEFT_MS)
            _write(session, clip, made, record, now_ms)
        _delete_files(store, left)
        yield clip
    finally:
        try:
            with database.writing() as session:
                _forget(session, ArticleRow.external_id == clip)
            store.delete(f"clips/{clip}/1/{made.stored}")
        finally:
            database.close()


def _write(session: Session, clip: str, made: Rendition, record: Provenance, now_ms: int) -> None:
    article, title = new_id("art"), "A check of this installation"
    voice = {
        "id": record.main.voice,
        "engine": record.main.engine,
        "name": record.main.voice.partition(":")[2],
        "language": record.main.language,
        "licence": record.main.licence,
        "gain_db": 0.0,
        "sample_rate_hz": 22050,
        "digital_source_type": record.source_type.value,
        "fingerprint": record.main.fingerprint,
    }
    rows = (
        ArticleRow(id=article, site=SITE, external_id=clip, title=title, created_ms=now_ms),
        ClipRow(id=clip, article_id=article, state="ready", current_revision=1, last_revision=1, created_ms=now_ms),
        ClipRevisionRow(
            clip_id=clip,
            revision=1,
            state="ready",
            title=title,
            language="en",
            voice=voice,
            sample_rate_hz=22050,
            blocks=[],
            account=[],
            live_head_bytes=0,
            duration_ms=1000,
            renditions=[asdict(made)],
            provenance=record.as_json(),
            created_ms=now_ms,
            ready_ms=now_ms,
        ),
    )
    for row in rows:
        session.add(row)
        session.flush()


def _forget(session: Session, which: ColumnElement[bool]) -> list[str]:
    """Articles of the doctor's site, with their clips, whose ids it returns: their files are deleted after the
    transaction, in which nobody waits for the store."""
    articles = list(session.scalars(select(ArticleRow.id).where(ArticleRow.site == SITE, which)))
    clips = list(session.scalars(select(ClipRow.id).where(ClipRow.article_id.in_(articles))))
    session.execute(delete(ClipRevisionRow).where(ClipRevisionRow.clip_id.in_(clips)))
    session.execute(delete(ClipRow).where(ClipRow.id.in_(clips)))
    session.execute(delete(ArticleRow).where(ArticleRow.id.in_(articles)))
    return clips


def _delete_files(store: ClipStore, clips: Iterable[str]) -> None:
    for clip in clips:
        for name in list(store.names(f"clips/{clip}/")):
            store.delete(name)
