"""Where else a word is said: sentences of clips that can be heard now, with their sound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.corrections.cases.queue import BEFORE_MS
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, UtteranceRow
from tts_service.jobs.clip_words import ClipsOf, candidates
from tts_service.speakable.lexeme import Lexeme
from tts_service.speakable.lexicon import Lexicon, grapheme_words
from tts_service.web.staff.desk.marked import MarkedText
from tts_service.web.staff.desk.sound import stretch

_CLIPS, _MOST = 20, 8
"""Clips that are read, and sentences that are shown."""


def occurrences(session: Session, written: str, language: str, site: str) -> list[dict[str, Any]]:
    """Sentences in which a word is said, in the newest clips of a site first."""
    lexeme = Lexeme(graphemes=(written,), language=language.split("-")[0], alias=written)
    ids = candidates(session, grapheme_words([lexeme]), ClipsOf(sites=(site,)), most=_CLIPS)
    if not ids:
        return []
    row, revision = UtteranceRow, ClipRevisionRow
    current = (revision.clip_id == ClipRow.id) & (revision.revision == ClipRow.current_revision)
    query = (
        select(revision.clip_id, revision.revision, revision.title, revision.blocks, revision.sample_rate_hz)
        .join(ClipRow, current)
        .join(ArticleRow, ArticleRow.id == ClipRow.article_id)
        .where(ClipRow.id.in_(ids), ClipRow.state == "ready", ArticleRow.withdrawn_ms.is_(None))
    )
    clips = {one.clip_id: one for one in session.execute(query)}
    spoken = (
        select(row.clip_id, row.block, row.start, row.end, row.language, row.start_sample, row.samples)
        .join(ClipRow, (ClipRow.id == row.clip_id) & (ClipRow.current_revision == row.revision))
        .where(row.clip_id.in_(list(clips)), row.start_sample.is_not(None))
        .order_by(row.clip_id.desc(), row.position)
    )
    return list(_shown(session.execute(spoken), clips, Lexicon([lexeme])))


def _shown(rows: Any, clips: dict[str, Any], word: Lexicon) -> Iterator[dict[str, Any]]:
    shown = 0
    for one in rows:
        clip = clips[one.clip_id]
        text = clip.blocks[one.block]["text"][one.start : one.end]
        hit = next(iter(word.readings(text, one.language)), None)
        if hit is None:
            continue
        begin = one.start_sample * 1000 // clip.sample_rate_hz
        end = begin + (one.samples or 0) * 1000 // clip.sample_rate_hz
        yield {
            "sound": stretch(one.clip_id, clip.revision, max(0, begin - BEFORE_MS // 3), end),
            "sentence": MarkedText.of(text, hit.start, hit.end).shortened(),
            "text": text,
            "title": clip.title,
            "language": one.language,
        }
        shown += 1
        if shown == _MOST:
            return
