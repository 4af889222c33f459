"""The case that a report belongs to, if there is one already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tts_service.corrections.cases.grouping import ReportSubject, case_keys
from tts_service.corrections.cases.likeness import ALIKE, word_likeness
from tts_service.corrections.cases.reported import Reported, inflections
from tts_service.corrections.cases.reported_rows import reported_of
from tts_service.db.tables import CaseRow, ReportRow
from tts_service.db.tables.listeners import OPEN

_MOST_FOLLOWED = 20
"""Duplicates of duplicates that are followed to the case that counts."""


class CaseFinder:
    """Looks among the cases of a report's site, voice and language.

    A word is one case in all varieties of the language ("en", "en-GB") in which it was said alike: one voice reads them
    alike, and a pronunciation for "en" corrects them all. Where rules or pronunciations of a variety had it said
    otherwise, it is a case of its own."""

    def __init__(self, session: Session, report: ReportRow) -> None:
        self._session = session
        self._report = report
        base = report.language.split("-", 1)[0] if report.language else ""
        in_language = or_(CaseRow.language == base, CaseRow.language.startswith(f"{base}-", autoescape=True))
        self._any_variety = (CaseRow.site == report.site, CaseRow.voice == report.voice, in_language)
        self._mine = (CaseRow.site == report.site, CaseRow.voice == report.voice, CaseRow.language == report.language)

    def open_reports(self, keys: Iterable[str]) -> dict[str, int]:
        """How many reports the open cases of these words have, by key."""
        query = select(CaseRow.key, func.sum(CaseRow.reports).label("reports")).where(
            *self._any_variety, CaseRow.kind == "word", CaseRow.key.in_(list(keys)), CaseRow.state.in_(OPEN)
        )
        return {row.key: int(row.reports) for row in self._session.execute(query.group_by(CaseRow.key))}

    def case_of(self, reported: Reported, subject: ReportSubject) -> CaseRow | None:
        """The case that a report with this subject belongs to; None: there is none yet."""
        is_word = subject.kind == "word"
        place = self._any_variety if is_word else self._mine
        for key in (subject.key, *(inflections(subject.written, reported) if is_word else ())):
            query = select(CaseRow).where(*place, CaseRow.kind == subject.kind, CaseRow.key == key)
            cases = self._session.scalars(query.with_for_update()).all()
            if is_word and any(case.language != self._report.language for case in cases):
                cases = self._said_alike(cases, reported, subject)
            if cases:
                return self._counting(max(cases, key=lambda case: (case.state in OPEN, case.updated_ms)))
        if subject.kind in ("sentence", "passage"):
            return self._alike(reported, subject)
        return None

    def _said_alike(self, cases: Sequence[CaseRow], reported: Reported, subject: ReportSubject) -> list[CaseRow]:
        """Those in which the word was said as in the report, in whatever variety of the language; without any, those in
        the report's own variety."""
        spoken = reported.words[subject.word].spoken if subject.word is not None else ""
        alike = [case for case in cases if self._spoken_in(case) == spoken]
        return alike or [case for case in cases if case.language == self._report.language]

    def _spoken_in(self, case: CaseRow) -> str | None:
        """How the newest report of a case heard its word; None: that isn't kept."""
        newest = select(ReportRow).where(ReportRow.case_id == case.id, ReportRow.utterance.is_not(None))
        row = self._session.scalars(newest.order_by(ReportRow.created_ms.desc(), ReportRow.id.desc()).limit(1)).first()
        heard = reported_of(self._session, row) if row is not None else None
        index = case_keys(heard).get(case.key) if heard is not None else None
        return heard.words[index].spoken if heard is not None and index is not None else None

    def _alike(self, reported: Reported, subject: ReportSubject) -> CaseRow | None:
        """A case about this passage as another revision of the clip has it."""
        query = (
            select(CaseRow)
            .join(ReportRow, ReportRow.case_id == CaseRow.id)
            .where(*self._mine, CaseRow.kind == subject.kind, ReportRow.clip_id == self._report.clip_id)
            .distinct()
        )
        wanted = subject.written or reported.sentence
        prefix = subject.key.partition(" ")[0] if subject.kind == "passage" else ""
        for case in self._session.scalars(query.order_by(CaseRow.id)):
            if case.key.startswith(prefix) and word_likeness(case.written or case.sentence, wanted) >= ALIKE:
                return self._counting(case)
        return None

    def _counting(self, case: CaseRow) -> CaseRow:
        """The case that a duplicate was decided to be a duplicate of."""
        for _ in range(_MOST_FOLLOWED):
            if case.state != "duplicate" or case.duplicate_of is None:
                break
            case = self._session.get_one(CaseRow, case.duplicate_of, with_for_update=True)
        return case
