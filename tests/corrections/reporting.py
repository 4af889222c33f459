"""Reports as listeners send them, about clips written straight into the tables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tests.parts.web_rows import SECONDS
from tts_service.corrections.cases.gathering import gather
from tts_service.db.tables import CaseRow, ReportRow
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.parts import Parts


def report(parts: Parts, *, sentence: int = 0, word: int | None = None, clip: str = "clip_1", **values: Any) -> str:
    """Receive a report about a word of a sentence; returns its reference."""
    at_ms = 1000 + sentence * SECONDS * 1000 + 100
    draft = {"clip_id": clip, "category": "pronunciation", "position_ms": at_ms, "token": word}
    return receive(parts, ReportDraft(**(draft | values)))


def gathered(parts: Parts, **values: Any) -> CaseRow:
    """Receive and gather a report; returns its case."""
    return case_of(parts, gather(parts, report(parts, **values)))


def case_of(parts: Parts, case_id: str) -> CaseRow:
    with parts.database.reading() as session:
        return session.get_one(CaseRow, case_id)


def report_of(parts: Parts, reference: str) -> ReportRow:
    with parts.database.reading() as session:
        return session.get_one(ReportRow, reference)


def all_cases(parts: Parts) -> list[CaseRow]:
    with parts.database.reading() as session:
        return list(session.scalars(select(CaseRow).order_by(CaseRow.id)))
