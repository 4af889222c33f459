"""A site's corrections as the public sees them: what was said, what is said now, in which articles.

Only finished ones, and only in articles that everybody may read; never who reported or corrected.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, load_only

from tts_service.db.tables import (
    ArticleRow,
    ClipRevisionRow,
    ClipRow,
    CorrectionClipRow,
    CorrectionRow,
    UtteranceRow,
)
from tts_service.listeners.outcome import sentence_sound
from tts_service.values import PUBLIC

ENDED = ("done", "taken_back")
"""States of a clip that has heard a correction."""
MOST_ARTICLES = 3
"""Articles named per correction; the others are counted."""
MOST_WORDS = 12
"""Spoken words shown of a sentence that changes in many places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedArticle:
    """An article in which a correction is heard, with the first sentence that it changed."""

    clip_id: str
    title: str
    language: str
    sentence: str
    said_before: str
    """The spoken words that differ; empty: only their sound does."""
    said_now: str
    sound_before: str | None
    """Address of the sentence as it was said; None: it is not kept."""
    sound_now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedCorrection:
    """A correction in a site's log."""

    id: str
    kind: str
    """As in CorrectionRow."""
    written: tuple[str, ...]
    """The words whose pronunciation was corrected; empty for other kinds."""
    why: str
    at_ms: int
    """When it could be heard everywhere, else when it was accepted."""
    taken_back_ms: int | None
    articles: tuple[CorrectedArticle, ...]
    count: int
    """Articles in which it is heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A sentence of a clip revision by its place in the text."""

    clip_id: str
    revision: int
    block: int
    start: int


def public_corrections(
    session: Session, site: str, *, before: str | None = None, most: int = 20
) -> tuple[LoggedCorrection, ...]:
    """A site's corrections, newest first; `before`: only those older than the correction of this id."""
    query = select(CorrectionRow).where(or_(CorrectionRow.site == site, CorrectionRow.site.is_(None)))
    query = query.where(CorrectionRow.id < before) if before else query  # ids sort by time
    heard = (
        select(CorrectionClipRow.correction_id)
        .where(_heard(site), CorrectionClipRow.correction_id == CorrectionRow.id)
        .exists()
    )
    rows = session.scalars(query.where(heard).order_by(CorrectionRow.id.desc()).limit(most)).all()
    articles, counts = _articles(session, site, [row.id for row in rows])
    return tuple(
        LoggedCorrection(
            id=row.id,
            kind=row.kind,
            written=tuple((row.after or row.before or {}).get("graphemes", ())) if row.kind == "lexicon" else (),
            why=row.why,
            at_ms=row.done_ms or row.created_ms,
            taken_back_ms=row.taken_back_ms,
            articles=tuple(articles.get(row.id, ())),
            count=counts.get(row.id, 0),
        )
        for row in rows
    )


def words_said_differently(before: str, after: str) -> tuple[str, str]:
    """The spoken words in which two versions of a sentence differ: all between the first and the last difference."""
    old, new = before.split(), after.split()
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    return _brief(old[head : len(old) - tail]), _brief(new[head : len(new) - tail])


def _heard(site: str) -> ColumnElement[bool]:
    """The condition that a clip of a correction may be named."""
    public = (
        select(ClipRow.id)
        .join(ArticleRow, ArticleRow.id == ClipRow.article_id)
        .where(
            ClipRow.id == CorrectionClipRow.clip_id,
            ArticleRow.site == site,
            ArticleRow.visibility == PUBLIC,
            ArticleRow.withdrawn_ms.is_(None),
        )
    )
    return and_(CorrectionClipRow.state.in_(ENDED), CorrectionClipRow.to_revision.is_not(None), public.exists())


def _articles(
    session: Session, site: str, ids: Collection[str]
) -> tuple[dict[str, list[CorrectedArticle]], dict[str, int]]:
    """(articles, number of articles) by correction."""
    mine = (CorrectionClipRow.correction_id.in_(ids), _heard(site))
    place = func.row_number().over(
        partition_by=CorrectionClipRow.correction_id, order_by=(CorrectionClipRow.updated_ms, CorrectionClipRow.clip_id)
    )
    total = func.count().over(partition_by=CorrectionClipRow.correction_id)
    ranked = (
        select(CorrectionClipRow.correction_id, CorrectionClipRow.clip_id, place.label("place"), total.label("total"))
        .where(*mine)
        .subquery()
    )
    found = session.execute(
        select(CorrectionClipRow, ArticleRow.title, ranked.c.total)
        .join(
            ranked,
            and_(
                ranked.c.correction_id == CorrectionClipRow.correction_id, ranked.c.clip_id == CorrectionClipRow.clip_id
            ),
        )
        .join(ClipRow, ClipRow.id == CorrectionClipRow.clip_id)
        .join(ArticleRow, ArticleRow.id == ClipRow.article_id)
        .where(ranked.c.place <= MOST_ARTICLES)
        .order_by(ranked.c.correction_id, ranked.c.place)
    ).all()
    sounds = _Sounds(session, [row for row, _, _ in found])
    articles: dict[str, list[CorrectedArticle]] = {}
    counts: dict[str, int] = {}
    for row, title, count in found:
        articles.setdefault(row.correction_id, []).append(_article(row, title, sounds))
        counts[row.correction_id] = count
    return articles, counts


class _Sounds:
    """Addresses of the first changed sentences of some clips, read at once."""

    def __init__(self, session: Session, rows: Iterable[CorrectionClipRow]) -> None:
        places = [place for row in rows for place in (_place(row, row.from_revision), _place(row, row.to_revision))]
        wanted = [place for place in places if place is not None]
        self._revisions = _revisions(session, wanted)
        self._sentences = _sentences(session, wanted)

    def language(self, row: CorrectionClipRow) -> str:
        revision = self._revisions.get((row.clip_id, row.to_revision or 0))
        return revision.language if revision else ""

    def of(self, row: CorrectionClipRow, number: int | None) -> str | None:
        place = _place(row, number)
        revision = self._revisions.get((row.clip_id, number or 0))
        if place is None or revision is None or revision.state != "ready":
            return None
        said = self._sentences.get(place)
        return sentence_sound(revision, said) if said is not None else None


def _article(row: CorrectionClipRow, title: str | None, sounds: _Sounds) -> CorrectedArticle:
    change: Mapping[str, Any] = row.changes[0] if row.changes else {}
    before, now = words_said_differently(str(change.get("before") or ""), str(change.get("after") or ""))
    return CorrectedArticle(
        clip_id=row.clip_id,
        title=title or "",
        language=sounds.language(row),
        sentence=str(change.get("text") or ""),
        said_before=before,
        said_now=now,
        sound_before=sounds.of(row, row.from_revision),
        sound_now=sounds.of(row, row.to_revision),
    )


def _place(row: CorrectionClipRow, revision: int | None) -> _Place | None:
    if not row.changes or revision is None:
        return None
    return _Place(clip_id=row.clip_id, revision=revision, block=row.changes[0]["block"], start=row.changes[0]["start"])


def _revisions(session: Session, places: Sequence[_Place]) -> dict[tuple[str, int], ClipRevisionRow]:
    keys = {(place.clip_id, place.revision) for place in places}
    query = select(ClipRevisionRow).where(tuple_(ClipRevisionRow.clip_id, ClipRevisionRow.revision).in_(keys))
    # Without the text: an article's blocks are longer than this whole page.
    needed = load_only(
        ClipRevisionRow.state, ClipRevisionRow.renditions, ClipRevisionRow.sample_rate_hz, ClipRevisionRow.language
    )
    return {(row.clip_id, row.revision): row for row in session.scalars(query.options(needed))}


def _sentences(session: Session, places: Sequence[_Place]) -> dict[_Place, UtteranceRow]:
    keys = {(place.clip_id, place.revision, place.block, place.start) for place in places}
    columns = tuple_(UtteranceRow.clip_id, UtteranceRow.revision, UtteranceRow.block, UtteranceRow.start)
    query = select(UtteranceRow).where(columns.in_(keys))
    return {
        _Place(clip_id=row.clip_id, revision=row.revision, block=row.block, start=row.start): row
        for row in session.scalars(query)
    }


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words are the same at the beginning."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _brief(words: Sequence[str]) -> str:
    return " ".join(words[:MOST_WORDS]) + (" …" if len(words) > MOST_WORDS else "")
