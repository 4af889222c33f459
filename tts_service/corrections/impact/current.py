"""Clips as they are heard now: their texts and sentences, for many clips in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, UtteranceRow
from tts_service.jobs.revise import RECORDING
from tts_service.newsroom.lexicon_place import ArticleName


@dataclass(frozen=True, slots=True)
class CurrentClip:
    """A clip as it is heard now."""

    clip_id: str
    revision: int
    article: ArticleName
    title: str
    language: str
    duration_ms: int
    voice: dict[str, Any]
    other_voices: list[dict[str, Any]]
    blocks: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class SentenceHeard:
    """A sentence of a clip as it is heard now."""

    position: int
    block: int
    start: int
    end: int
    segment_key: str
    samples: int
    start_sample: int


def current_clips(session: Session, clip_ids: Sequence[str]) -> list[CurrentClip]:
    """Those of some clips that can be heard and were made from a text, newest first."""
    current = (ClipRevisionRow.clip_id == ClipRow.id) & (ClipRevisionRow.revision == ClipRow.current_revision)
    query = (
        select(
            ClipRow.id,
            ClipRevisionRow.revision,
            ArticleRow.site,
            ArticleRow.external_id,
            ClipRevisionRow.title,
            ClipRevisionRow.language,
            ClipRevisionRow.duration_ms,
            ClipRevisionRow.voice,
            ClipRevisionRow.other_voices,
            ClipRevisionRow.blocks,
        )
        .join(ClipRevisionRow, current)
        .join(ArticleRow, ArticleRow.id == ClipRow.article_id)
        .where(ClipRow.id.in_(clip_ids), ClipRow.state == "ready", ClipRevisionRow.state == "ready")
        .where(ClipRevisionRow.cause != RECORDING)
        .order_by(ClipRow.id.desc())
    )
    return [
        CurrentClip(
            clip_id=row.id,
            revision=row.revision,
            article=ArticleName(row.site, row.external_id),
            title=row.title,
            language=row.language,
            duration_ms=row.duration_ms or 0,
            voice=row.voice,
            other_voices=row.other_voices or [],
            blocks=row.blocks,
        )
        for row in session.execute(query)
    ]


def heard_sentences(session: Session, wanted: Iterable[tuple[CurrentClip, set[int]]]) -> dict[str, list[SentenceHeard]]:
    """The sentences of the blocks that change, by clip."""
    found: dict[str, list[SentenceHeard]] = {}
    blocks: set[int] = set()
    for clip, changed in wanted:
        found[clip.clip_id] = []
        blocks |= changed
    row = UtteranceRow
    query = (
        select(
            row.clip_id,
            row.position,
            row.block,
            row.start,
            row.end,
            row.segment_key,
            row.samples,
            row.start_sample,
        )
        .join(ClipRow, (ClipRow.id == row.clip_id) & (ClipRow.current_revision == row.revision))
        .where(row.clip_id.in_(list(found)), row.block.in_(sorted(blocks)))
        .order_by(row.clip_id, row.position)
    )
    for one in session.execute(query) if found else ():
        found[one.clip_id].append(
            SentenceHeard(
                one.position,
                one.block,
                one.start,
                one.end,
                one.segment_key,
                one.samples or 0,
                one.start_sample or 0,
            )
        )
    return found
