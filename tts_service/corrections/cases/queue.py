"""The queue of cases: what waits for staff, the heaviest first, by filter and page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, or_, select
from sqlalchemy.orm import Session, aliased, defer

from tts_service.access.sites import within
from tts_service.corrections.cases.case_filter import STATES, CaseFilter, conditions
from tts_service.corrections.cases.heard_by_us import HeardByUs, heard_by_us
from tts_service.corrections.cases.spoken_since import EntrySince, WordOfCase, entries_since
from tts_service.corrections.cases.state import MOVING
from tts_service.db.tables import ArticleRow, CaseRow, ClipRevisionRow, ClipRow, ReportRow, StaffRow
from tts_service.db.tables.listeners import OPEN
from tts_service.errors import InputRefused

BEFORE_MS = 3000
"""Playing begins so long before the reported place."""
# A value that was taken away is JSON's null, and one that never was is SQL's. What a correction decided is taken back.
_CAN_UNDO = and_(
    CaseRow.undo.is_not(None),
    cast(CaseRow.undo, Text) != "null",
    or_(CaseRow.correction_id.is_(None), CaseRow.undo["what"].as_string().in_(MOVING)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlace:
    """Where something is heard."""

    clip_id: str
    revision: int
    from_ms: int
    """Three seconds before the word."""
    at_ms: int
    title: str
    """Of the article, as of that revision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedCase:
    """A case as the queue shows it."""

    id: str
    site: str
    language: str
    voice: str
    kind: str
    category: str
    written: str
    """The word or passage; empty: the whole sentence or clip."""
    sentence: str
    word_start: int | None
    """First character of the word in the sentence; None: it is about no word."""
    word_end: int | None
    state: str
    reason: str
    duplicate_of: str | None
    correction_id: str | None
    """The correction that settled it, or will when its clips are rendered."""
    version: int
    reports: int
    articles: int
    plays: int
    breaking: bool
    first_ms: int
    last_ms: int
    updated_ms: int
    settled_ms: int | None
    assigned_to: str | None
    assigned_name: str | None
    can_undo: bool
    """Whether its last decision can be undone; a correction is taken back instead."""
    comment: str
    """Of its newest report that has one."""
    heard: QueuePlace | None
    """Where its newest report heard it, or we did; None: neither is kept."""
    ours: HeardByUs | None
    """What we heard of its sentence ourselves; None: nothing that sounds wrong."""
    word: WordOfCase | None
    """Its word, as long as nothing was decided that changes how it is said; None: it is about no word."""
    since: EntrySince | None = None
    """The entry by which its word is said otherwise since it was heard; None: there is none."""

    @property
    def heard_text(self) -> str:
        """What our recogniser heard instead of the sentence; empty: nothing that sounds wrong."""
        return self.ours.text if self.ours else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """Some of the wanted cases."""

    cases: tuple[QueuedCase, ...]
    after: str | None
    """Cursor of the next page; None: this is the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueChoices:
    """How many cases there are by state, and what the filters can be set to."""

    by_state: dict[str, int]
    """Of the cases that fit the other filters."""
    sites: tuple[str, ...]
    languages: tuple[str, ...]
    voices: tuple[str, ...]
    categories: tuple[str, ...]


def queue(session: Session, wanted: CaseFilter, *, after: str | None = None, most: int = 50) -> QueuePage:
    """Wanted cases, the heaviest first: at most `most`, behind the cursor `after`. Raises InputRefused (cursor)."""
    query = _cases().where(*conditions(wanted))
    query = query.where(_behind(after)) if after else query
    query = query.order_by(CaseRow.breaking.desc(), CaseRow.rank.desc(), CaseRow.id.desc()).limit(most + 1)
    rows = session.execute(query).all()
    shown = rows[:most]
    # Afterwards, for those that are shown: a sort would look them up for every open case.
    ids = [row[0].id for row in shown]
    looked_up = (
        session.execute(_with_newest(select(CaseRow.id).select_from(CaseRow).where(CaseRow.id.in_(ids)))) if ids else ()
    )
    newest = {found.id: _newest(found) for found in looked_up}
    sentences = [row[0].id for row in shown if row[0].kind == "sentence"]
    ours = heard_by_us(session, sentences) if sentences else {}
    cases = tuple(
        _queued(case, undoable, name, newest.get(case.id), ours.get(case.id)) for case, undoable, name in shown
    )
    since = entries_since(session, [case.word for case in cases if case.word])
    cases = tuple(replace(case, since=since.get(case.id)) for case in cases)
    return QueuePage(cases=cases, after=_cursor(shown[-1][0]) if len(rows) > most else None)


def choices(session: Session, wanted: CaseFilter) -> QueueChoices:
    """Numbers by state for a filter, and the values that occur in the cases of its states and sites."""
    counted = select(CaseRow.state, func.count()).where(*conditions(wanted, states=False)).group_by(CaseRow.state)
    by_state = dict.fromkeys(STATES, 0) | {row[0]: row[1] for row in session.execute(counted)}
    values = (
        select(CaseRow.site, CaseRow.language, CaseRow.voice, CaseRow.category)
        .where(CaseRow.state.in_(wanted.states), within(wanted.sites, CaseRow.site))
        .distinct()
    )
    rows = session.execute(values).all()
    sites, languages, voices, categories = (tuple(sorted({row[at] for row in rows})) for at in range(4))
    return QueueChoices(by_state=by_state, sites=sites, languages=languages, voices=voices, categories=categories)


def queued(session: Session, case_id: str) -> QueuedCase | None:
    """A single case as the queue shows it; None: there is none."""
    found = session.execute(_with_newest(_cases().where(CaseRow.id == case_id))).one_or_none()
    if found is None:
        return None
    ours = heard_by_us(session, [case_id]).get(case_id) if found[0].kind == "sentence" else None
    return _queued(found[0], found[1], found[2], _newest(found), ours)


def neighbour(session: Session, wanted: CaseFilter, case: CaseRow, *, below: bool) -> str | None:
    """The id of the wanted case next to a case in the queue, which may have left it; None: there is none."""
    row = CaseRow
    lighter = or_(row.rank < case.rank, and_(row.rank == case.rank, row.id < case.id))
    heavier = or_(row.rank > case.rank, and_(row.rank == case.rank, row.id > case.id))
    within_urgency = row.breaking.is_(case.breaking)
    if below:
        beside = and_(within_urgency, lighter)
        beside = or_(beside, row.breaking.is_(False)) if case.breaking else beside
        order = (row.breaking.desc(), row.rank.desc(), row.id.desc())
    else:
        beside = and_(within_urgency, heavier)
        beside = beside if case.breaking else or_(beside, row.breaking.is_(True))
        order = (row.breaking.asc(), row.rank.asc(), row.id.asc())
    query = select(row.id).where(*conditions(wanted), beside)
    return session.scalars(query.order_by(*order).limit(1)).one_or_none()


def word_span(sentence: str, written: str) -> tuple[int, int] | None:
    """Where a word first stands in a sentence; None: it doesn't, or the sentence is meant."""
    start = sentence.casefold().find(written.casefold()) if written else -1
    return (start, start + len(written)) if start >= 0 else None


def _cases() -> Select[CaseRow, bool, str | None]:
    """Cases with whether the last decision can be undone, and who works on them."""
    query = select(CaseRow, _CAN_UNDO, StaffRow.name).options(defer(CaseRow.undo))
    return query.outerjoin(StaffRow, StaffRow.id == CaseRow.assigned_to)


def _cursor(case: CaseRow) -> str:
    return f"{int(case.breaking)}~{case.rank!r}~{case.id}"


def _behind(cursor: str) -> ColumnElement[bool]:
    """Raises InputRefused."""
    try:
        breaking, rank, case_id = cursor.split("~")
        if breaking not in ("0", "1") or not case_id:
            raise ValueError(cursor)
        weight = float(rank)
    except ValueError as error:
        raise InputRefused("The cursor is not valid: use `next` from the previous page.") from error
    case = CaseRow
    same = or_(case.rank < weight, and_(case.rank == weight, case.id < case_id))
    if breaking == "0":
        return and_(case.breaking.is_(False), same)
    return or_(case.breaking.is_(False), and_(case.breaking.is_(True), same))


@dataclass(frozen=True, slots=True)
class _Newest:
    place: QueuePlace
    comment: str
    heard_ms: int
    """When the revision that was heard was made, or else when it was reported."""
    external_id: str
    """Of the article."""


def _with_newest(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Adds where the newest report of each case heard it, and the newest comment: what `_newest` takes. Reports whose
    sentence lacks the case's word come from merged cases: the others go before."""
    row, other = ReportRow, aliased(ReportRow)
    mine = select(other.id).where(other.case_id == CaseRow.id)
    has_word = or_(CaseRow.kind != "word", func.lower(other.sentence).contains(func.lower(CaseRow.written)))
    mine = mine.order_by(other.created_ms.desc(), other.id.desc()).limit(1)
    newest = func.coalesce(mine.where(has_word).scalar_subquery(), mine.scalar_subquery())
    said = select(other.comment).where(other.case_id == CaseRow.id, other.comment != "")
    said = said.order_by(other.created_ms.desc(), other.id.desc()).limit(1)
    heard_in = (ClipRevisionRow.clip_id == row.clip_id) & (ClipRevisionRow.revision == row.revision)
    query = query.outerjoin(row, row.id == newest).outerjoin(ClipRevisionRow, heard_in)
    query = query.outerjoin(ClipRow, ClipRow.id == row.clip_id).outerjoin(
        ArticleRow, ArticleRow.id == ClipRow.article_id
    )
    comment = said.scalar_subquery().label("comment")
    heard_ms = func.coalesce(ClipRevisionRow.created_ms, row.created_ms).label("heard_ms")
    place = (row.clip_id, row.revision, row.position_ms, ClipRevisionRow.title)
    return query.add_columns(*place, comment, heard_ms, ArticleRow.external_id)


def _newest(found: Any) -> _Newest | None:
    if found.clip_id is None:  # none of its reports is kept
        return None
    place = _place(found.clip_id, found.revision, found.position_ms, found.title or "")
    return _Newest(
        place=place, comment=found.comment or "", heard_ms=found.heard_ms, external_id=found.external_id or ""
    )


def _place(clip_id: str, revision: int, at_ms: int, title: str) -> QueuePlace:
    return QueuePlace(clip_id=clip_id, revision=revision, from_ms=max(0, at_ms - BEFORE_MS), at_ms=at_ms, title=title)


def _queued(
    case: CaseRow, can_undo: bool, name: str | None, newest: _Newest | None, ours: HeardByUs | None
) -> QueuedCase:
    own_place = _place(ours.clip_id, ours.revision, ours.at_ms, ours.title) if ours else None
    span = word_span(case.sentence, case.written) if case.kind == "word" else None
    return QueuedCase(
        id=case.id,
        site=case.site,
        language=case.language,
        voice=case.voice,
        kind=case.kind,
        category=case.category,
        written=case.written,
        sentence=case.sentence,
        word_start=span[0] if span else None,
        word_end=span[1] if span else None,
        state=case.state,
        reason=case.reason,
        duplicate_of=case.duplicate_of,
        correction_id=case.correction_id,
        version=case.version,
        reports=case.reports,
        articles=case.articles,
        plays=case.plays,
        breaking=case.breaking,
        first_ms=case.first_ms,
        last_ms=case.last_ms,
        updated_ms=case.updated_ms,
        settled_ms=case.settled_ms,
        assigned_to=case.assigned_to,
        assigned_name=name,
        can_undo=can_undo,
        comment=newest.comment if newest else "",
        heard=newest.place if newest else own_place,
        ours=ours,
        word=_heard_word(case, newest) if newest else None,
    )


def _heard_word(case: CaseRow, newest: _Newest) -> WordOfCase | None:
    if case.kind != "word" or not case.written or case.state not in OPEN or case.correction_id is not None:
        return None
    return WordOfCase(
        case_id=case.id,
        written=case.written,
        language=case.language,
        site=case.site,
        external_id=newest.external_id,
        heard_ms=newest.heard_ms,
    )
