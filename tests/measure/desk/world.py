"""Puts made articles and reports into a database: rows as a worker and a listener leave them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from tests.measure.desk.listeners import MadeArticle, MadeReport, MadeRevision
from tts_service.db.tables import ArticleRow, ClipRevisionRow, ClipRow, UtteranceRow
from tts_service.listeners.reports import ReportDraft
from tts_service.parts import Parts

RATE = 16_000
SENTENCE_MS = 3_000
"""Every made sentence lasts so long."""
_WORD = re.compile(r"\S+")
_EDGE = re.compile(r"^[^\w£€$]+|[^\w%]+$")


def put_articles(parts: Parts, articles: Sequence[MadeArticle]) -> None:
    """Keep articles with a finished clip in all their revisions."""
    with parts.database.writing() as session:
        for article in articles:
            put_article(session, article)


def put_article(session: Session, article: MadeArticle) -> None:
    """The rows of an article and its clip."""
    newest = len(article.revisions)
    session.add(
        ArticleRow(
            id=f"art_{article.name}",
            site=article.site,
            external_id=article.name,
            url=f"https://example.org/{article.name}",
            title=article.name,
            created_ms=1,
        )
    )
    session.flush()
    session.add(
        ClipRow(
            id=clip_of(article.name),
            article_id=f"art_{article.name}",
            state="ready",
            current_revision=newest,
            last_revision=newest,
            created_ms=1,
        )
    )
    session.flush()
    for number, revision in enumerate(article.revisions, 1):
        texts = [" ".join(block) for block in revision.blocks]
        session.add(_revision(article, number, revision, texts))
        session.flush()
        session.add_all(_utterances(article, number, revision, texts))


def clip_of(article: str) -> str:
    """The id of a made article's clip."""
    return f"clip_{article}"


def draft_of(report: MadeReport) -> ReportDraft:
    """What the player sends for a report."""
    return ReportDraft(
        clip_id=clip_of(report.article),
        revision=report.revision,
        position_ms=report.sentence * SENTENCE_MS + SENTENCE_MS // 2,
        token=report.word,
        category=report.category,
        comment=report.comment,
    )


def _revision(article: MadeArticle, number: int, revision: MadeRevision, texts: list[str]) -> ClipRevisionRow:
    voice = {"id": f"tone:{article.language}", "engine": "tone", "name": article.language, "language": article.language}
    blocks = [
        {
            "kind": "paragraph",
            "text": text,
            "language": article.language,
            "spoken": at not in revision.skipped,
            "skip_reason": "caption" if at in revision.skipped else None,
        }
        for at, text in enumerate(texts)
    ]
    return ClipRevisionRow(
        clip_id=clip_of(article.name),
        revision=number,
        state="ready",
        title=article.name,
        language=article.language,
        voice=voice,
        sample_rate_hz=RATE,
        blocks=blocks,
        account=[],
        live_head_bytes=0,
        duration_ms=SENTENCE_MS * len(revision.spoken()),
        renditions=[{"format": "mp3"}],
        created_ms=number,
        ready_ms=number,
    )


def _utterances(article: MadeArticle, number: int, revision: MadeRevision, texts: list[str]) -> list[UtteranceRow]:
    rows: list[UtteranceRow] = []
    for at, (block, sentence) in enumerate(revision.spoken()):
        first = rows[-1].end if rows and rows[-1].block == block else 0
        start = texts[block].index(sentence, first)
        rows.append(
            UtteranceRow(
                clip_id=clip_of(article.name),
                revision=number,
                position=at,
                block=block,
                start=start,
                end=start + len(sentence),
                language=article.language,
                pause_after_ms=300,
                tokens=_tokens(sentence, start),
                segment_key=f"{article.name} {number} {at}",
                samples=SENTENCE_MS * RATE // 1000,
                start_sample=at * SENTENCE_MS * RATE // 1000,
                words=None,
            )
        )
    return rows


def _tokens(sentence: str, start: int) -> list[dict[str, Any]]:
    found = []
    for word in _WORD.finditer(sentence):
        bare = _EDGE.sub("", word.group())
        at = start + word.start() + word.group().index(bare)
        found.append(
            {
                "start": at,
                "end": at + len(bare),
                "spoken": [bare],
                "before": "",
                "after": "",
                "ipa": None,
                "rules": ["number"] if any(map(str.isdigit, bare)) else [],
            }
        )
    return found
