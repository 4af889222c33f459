"""Everything that staff see of a case before they decide it, in a handful of statements."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Text, and_, cast, or_, select
from sqlalchemy.orm import Session

from tts_service.corrections.cases.history import CaseDeed, author_name, history
from tts_service.corrections.cases.queue import BEFORE_MS, QueuedCase, QueuePlace, queued, word_span
from tts_service.corrections.cases.spoken_since import entries_since
from tts_service.db.rows import utterance_of
from tts_service.db.tables import (
    ArticleRow,
    CaseNoteRow,
    ClipRevisionRow,
    ClipRow,
    LexiconEntryRow,
    ReportRow,
    UtteranceRow,
)
from tts_service.errors import NotFound
from tts_service.listeners.reports import sentence_of

MOST_REPORTS = 100
"""Reports that the page shows, newest first; the case counts all."""
_MOST_ENTRIES = 50
_ESCAPE = re.compile(r"\\u[0-9a-f]{4}")
_SPECIAL = re.compile(r"[%_!]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedOnce:
    """A report of the case, in the listener's words."""

    id: str
    category: str
    comment: str
    created_ms: int
    state: str
    note: str
    clip_id: str
    external_id: str
    title: str
    revision: int
    """The revision that was heard."""
    utterance: int | None
    """Position of the sentence in that revision; None: the whole clip is meant."""
    position_ms: int
    sentence: str
    written: str
    clip_state: str
    """rendering, ready, withdrawn, failed."""
    clip_revision: int | None
    """The one that is heard now."""
    still_there: bool
    """Whether the sentence is still in the article."""
    now_revision: int | None
    now_utterance: int | None
    has_email: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidWord:
    """A written word or sign of the sentence, and what is said for it."""

    start: int
    """First character in the sentence."""
    end: int
    written: str
    spoken: str
    ipa: str | None
    rules: tuple[str, ...]
    """What made it so: rules of the language, or the lexicon."""
    reported: bool
    """Whether the case is about this word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteShown:
    """A note of staff."""

    name: str
    """Of who wrote it."""
    text: str
    created_ms: int


@dataclass(frozen=True, slots=True)
class _At:
    """A sentence of a clip."""

    clip_id: str
    revision: int | None
    utterance: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """A case with what belongs to it."""

    case: QueuedCase
    sentence: str
    """The sentence where it was last heard, as it is written there."""
    word_start: int | None
    word_end: int | None
    said: tuple[SaidWord, ...]
    """What the normaliser made of the sentence; empty: its revision isn't kept."""
    heard: QueuePlace | None
    """Where the leading report heard it, or we did; None: its clip isn't kept."""
    now: QueuePlace | None
    """The same sentence in the clip's newest revision; None: the article has no such sentence any more, or hasn't
    changed."""
    leading: ReportedOnce | None
    """The newest report about the case's own word: the page shows its sentence. None: none is kept."""
    reports: tuple[ReportedOnce, ...]
    notes: tuple[NoteShown, ...]
    deeds: tuple[CaseDeed, ...]
    entries: tuple[LexiconEntryRow, ...]
    """Lexicon entries for the word, in any scope that holds for the site."""


def case_page(session: Session, case_id: str) -> CasePage:
    """A case with its reports, history and what was said. Raises NotFound."""
    case = queued(session, case_id)
    if case is None:
        raise NotFound(f"There is no case {case_id[:40]}.")
    reports, rows = _reports(session, case_id)
    own = [row for row in rows if _is_about(case, row)]
    newest = next((row for row in own if row.utterance is not None), None)
    first = newest or next(iter(own), None)
    leading = next((one for one in reports if first and one.id == first.id), None)
    if reports and leading is None:
        case = replace(case, heard=None)
    moved = next((row for row in own if row.now_utterance is not None and row.obsolete_ms is None), None)
    ours = case.ours
    at = _At(ours.clip_id, ours.revision, ours.position) if ours else None
    at = _At(newest.clip_id, newest.revision, newest.utterance) if newest else at
    now_at = _At(moved.clip_id, moved.now_revision, moved.now_utterance) if moved else None
    found = _sentences(session, [one for one in (at, now_at) if one is not None])
    heard = found.get(at) if at is not None else None
    now = found.get(now_at) if now_at is not None else None
    sentence = sentence_of(*heard) if heard else case.sentence
    words = _said(*heard, newest, case) if heard else ()
    span = next(((word.start, word.end) for word in words if word.reported), None)
    if span is None and case.kind == "word":
        span = word_span(sentence, case.written)
    entries = _entries(session, case)
    since = entries_since(session, [case.word], [row.id for row in entries]) if case.word and entries else {}
    return CasePage(
        case=replace(case, since=since.get(case.id)),
        sentence=sentence,
        word_start=span[0] if span else None,
        word_end=span[1] if span else None,
        said=words,
        heard=report_place(*heard, newest.token if newest else None) if heard else None,
        now=report_place(*now, moved.now_token) if now and moved else None,
        leading=leading,
        reports=reports,
        notes=_notes(session, case_id),
        deeds=history(session, case_id),
        entries=entries,
    )


def report_place(revision: ClipRevisionRow, said: UtteranceRow, token: int | None) -> QueuePlace | None:
    """Where a word of a sentence, or the sentence, is heard; None: it isn't spoken yet."""
    if said.start_sample is None:
        return None
    at_ms = said.start_sample * 1000 // revision.sample_rate_hz
    if token is not None and said.words:
        by_token = [index for index, _ in utterance_of(said).words_by_token]
        if token in by_token and by_token.index(token) < len(said.words):
            at_ms += int(said.words[by_token.index(token)][0])
    return QueuePlace(
        clip_id=revision.clip_id,
        revision=revision.revision,
        from_ms=max(0, at_ms - BEFORE_MS),
        at_ms=at_ms,
        title=revision.title,
    )


def _reports(session: Session, case_id: str) -> tuple[tuple[ReportedOnce, ...], Sequence[ReportRow]]:
    query = (
        select(ReportRow, ClipRow.state, ClipRow.current_revision, ArticleRow.external_id, ArticleRow.title)
        .join(ClipRow, ClipRow.id == ReportRow.clip_id)
        .join(ArticleRow, ArticleRow.id == ClipRow.article_id)
        .where(ReportRow.case_id == case_id)
        .order_by(ReportRow.created_ms.desc(), ReportRow.id.desc())
        .limit(MOST_REPORTS)
    )
    found = session.execute(query).all()
    shown = tuple(
        ReportedOnce(
            id=row.id,
            category=row.category,
            comment=row.comment,
            created_ms=row.created_ms,
            state=row.state,
            note=row.note,
            clip_id=row.clip_id,
            external_id=external_id,
            title=title or "",
            revision=row.revision,
            utterance=row.utterance,
            position_ms=row.position_ms,
            sentence=row.sentence,
            written=row.written,
            clip_state=clip_state,
            clip_revision=clip_revision,
            still_there=row.obsolete_ms is None and clip_state != "withdrawn",
            now_revision=row.now_revision,
            now_utterance=row.now_utterance,
            has_email=row.email is not None,
        )
        for row, clip_state, clip_revision, external_id, title in found
    )
    return shown, [row for row, *_ in found]


def _is_about(case: QueuedCase, report: ReportRow) -> bool:
    """Whether a report's sentence has the case's word; the report may come from a merged case about another word."""
    return case.kind != "word" or not case.written or word_span(report.sentence, case.written) is not None


def _sentences(session: Session, places: Sequence[_At]) -> dict[_At, tuple[ClipRevisionRow, UtteranceRow]]:
    """The sentences at some places, in one statement."""
    if not places:
        return {}
    row = UtteranceRow
    query = (
        select(ClipRevisionRow, row)
        .join(row, and_(row.clip_id == ClipRevisionRow.clip_id, row.revision == ClipRevisionRow.revision))
        .where(
            or_(
                *(
                    and_(row.clip_id == at.clip_id, row.revision == at.revision, row.position == at.utterance)
                    for at in places
                )
            )
        )
    )
    return {
        _At(said.clip_id, said.revision, said.position): (revision, said) for revision, said in session.execute(query)
    }


def _said(
    revision: ClipRevisionRow, said: UtteranceRow, report: ReportRow | None, case: QueuedCase
) -> tuple[SaidWord, ...]:
    """The stored tokens of a sentence. The case's word may be another than the tapped one."""
    block: str = revision.blocks[said.block]["text"]
    written = [block[token["start"] : token["end"]] for token in said.tokens]
    about = [
        index for index, word in enumerate(written) if case.kind == "word" and case.written and case.written in word
    ]
    tapped = report.token if report is not None and report.token is not None else 0
    word = min(about, key=lambda index: abs(index - tapped)) if about else None
    return tuple(
        SaidWord(
            start=token["start"] - said.start,
            end=token["end"] - said.start,
            written=written[index],
            spoken=" ".join(token["spoken"]),
            ipa=token["ipa"],
            rules=tuple(token["rules"]),
            reported=index == word,
        )
        for index, token in enumerate(said.tokens)
    )


def _notes(session: Session, case_id: str) -> tuple[NoteShown, ...]:
    query = select(CaseNoteRow, author_name(CaseNoteRow.who)).where(CaseNoteRow.case_id == case_id)
    rows = session.execute(query.order_by(CaseNoteRow.id))
    return tuple(NoteShown(name=name, text=row.text, created_ms=row.created_ms) for row, name in rows)


def _entries(session: Session, case: QueuedCase) -> tuple[LexiconEntryRow, ...]:
    """Entries of the site and of all sites that have the word among their graphemes, in the case's language."""
    if case.kind != "word" or not case.written:
        return ()
    row = LexiconEntryRow
    base = case.language.split("-", 1)[0]
    query = (
        select(row)
        .where(or_(row.site.is_(None), row.site == case.site), row.language.ilike(f"{base}%"))
        .where(cast(row.graphemes, Text).ilike(_in_json(case.written), escape="!"))
        .order_by(row.id.desc())
        .limit(_MOST_ENTRIES)
    )
    word = case.written.casefold()
    return tuple(
        found
        for found in session.scalars(query)
        if any(word in f" {one.casefold()} ".split() or word == one.casefold() for one in found.graphemes)
    )


def _in_json(word: str) -> str:
    """A LIKE pattern for a word in JSON text, which writes "ü" as an escape: any escaped sign fits any other, as LIKE
    doesn't know their case."""
    escaped = _SPECIAL.sub(lambda one: f"!{one.group()}", json.dumps(word)[1:-1])
    return f"%{_ESCAPE.sub('_u____', escaped)}%"
