"""Cases of the desk: the queue, one case, decisions. A decision names the case as it was read, with its version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

from tts_service.client.calls.call import Call, given, path_part
from tts_service.client.values.cases import Case, CaseDetail, CaseNote, CaseOutcome, CasePage

_Read = TypeVar("_Read")


def cases(
    *,
    state: str | None = None,
    site: str | None = None,
    language: str | None = None,
    category: str | None = None,
    voice: str | None = None,
    assigned_to: str | None = None,
    older_than_h: int | None = None,
    q: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Call[CasePage]:
    """The queue, the most urgent case first.

    `state`: None: cases that wait, new and confirmed. `assigned_to`: id of a staff account, or "nobody". `q`: part of
    the word or sentence, the case's id, or a report's reference.
    """
    wanted = {
        "state": state,
        "site": site,
        "language": language,
        "category": category,
        "voice": voice,
        "assigned_to": assigned_to,
        "older_than_h": older_than_h,
        "q": q,
        "cursor": cursor,
        "limit": limit,
    }
    return Call(method="GET", path="/v1/cases", params=wanted, read=CasePage.of)


def case(case_id: str) -> Call[CaseDetail]:
    """A case with its reports, notes and history, and what was said. Raises NotFound."""
    return Call(method="GET", path=f"/v1/cases/{path_part(case_id)}", read=CaseDetail.of)


def confirm_case(case: Case) -> Call[CaseDetail]:
    """Say that the listeners are right. Raises CaseChanged."""
    return _decided(case, state="confirmed")


def reject_case(case: Case, reason: str) -> Call[CaseDetail]:
    """Say why nothing is changed; the listeners read it. Raises CaseChanged."""
    return _decided(case, state="rejected", reason=reason)


def reopen_case(case: Case) -> Call[CaseDetail]:
    """Make a case new again. Raises CaseChanged; Conflict where a correction must be taken back instead."""
    return _decided(case, state="new")


def mark_case_corrected(case: Case) -> Call[CaseDetail]:
    """Say that it was corrected by other means than a correction of the desk. Raises CaseChanged."""
    return _decided(case, state="corrected")


def mark_case_duplicate(case: Case, of: str) -> Call[CaseDetail]:
    """Give the case's reports, and those that come, to the case with this id. Raises CaseChanged, NotFound."""
    return _decided(case, state="duplicate", duplicate_of=of)


def assign_case(case: Case, to: str | None) -> Call[CaseDetail]:
    """Give a case to a staff account, by its id; None: to nobody. Raises CaseChanged."""
    return _decided(case, assigned_to=to or "")


def decide_cases(
    cases: Sequence[Case],
    *,
    state: Literal["new", "confirmed", "corrected", "rejected"] | None = None,
    reason: str | None = None,
    assigned_to: str | None = None,
) -> Call[tuple[CaseOutcome, ...]]:
    """Make one decision about several cases: a state (with the reason, if rejected), or a staff account ("": nobody).

    Each succeeds or fails by itself: read the outcomes."""
    wanted = given(cases=_seen(cases), state=state, reason=reason, assigned_to=assigned_to)
    return Call(
        method="POST",
        path="/v1/cases/decide",
        json=wanted,
        read=lambda data: tuple(CaseOutcome.of(one) for one in data["cases"]),
        once=True,
    )


def add_case_note(case_id: str, text: str) -> Call[CaseNote]:
    """Add a note for colleagues. Listeners never see it."""
    return _posted(case_id, "notes", {"text": text}, CaseNote.of)


def merge_cases(case: Case, others: Sequence[Case]) -> Call[CaseDetail]:
    """Make other cases duplicates of this one, all or none. Raises CaseChanged."""
    return _posted(case.id, "merge", {"version": case.version, "cases": _seen(others)}, CaseDetail.of)


def split_case(case: Case, references: Sequence[str]) -> Call[CaseDetail]:
    """Give some of a case's reports a case of their own; returns that case. Raises CaseChanged."""
    return _posted(case.id, "split", {"version": case.version, "reports": list(references)}, CaseDetail.of)


def undo_case(case: Case) -> Call[CaseDetail]:
    """Undo the last decision. Raises CaseChanged; Conflict if there is none, or if a correction must be taken back."""
    return _posted(case.id, "undo", {"version": case.version}, CaseDetail.of)


def _decided(case: Case, **decision: Any) -> Call[CaseDetail]:
    wanted = {"version": case.version} | decision
    path = f"/v1/cases/{path_part(case.id)}"
    return Call(method="PATCH", path=path, json=wanted, read=CaseDetail.of, once=True)


def _posted(case_id: str, what: str, wanted: dict[str, Any], read: Callable[[Any], _Read]) -> Call[_Read]:
    return Call(method="POST", path=f"/v1/cases/{path_part(case_id)}/{what}", json=wanted, read=read, once=True)


def _seen(cases: Sequence[Case]) -> list[dict[str, Any]]:
    return [{"id": one.id, "version": one.version} for one in cases]
