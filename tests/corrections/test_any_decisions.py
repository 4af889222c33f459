"""Whatever is reported, decided and undone, in any order: cases count their reports, and answers fit their case."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress

import pytest
from sqlalchemy import select

from tests.corrections.reporting import all_cases, case_of, report
from tests.parts.web_rows import ready_clip
from tts_service.corrections.cases import decisions, regrouping
from tts_service.corrections.cases.gathering import gather
from tts_service.corrections.cases.undoing import undo
from tts_service.db.tables import CaseRow, ReportRow
from tts_service.errors import Conflict, InputRefused
from tts_service.listeners.reports import change_report
from tts_service.parts import Parts

TEXTS = ("The parliament at Holyrood voted on Monday.", "The bandage was wound twice.", "Ask Siobhan in Leeds now.")
WHO = "staff:stf_1"
STEPS = 60


def decide(parts: Parts, chance: random.Random, case: CaseRow) -> None:
    """Something that staff can do with a case, also where it isn't possible."""
    mine, others = case.version, [one for one in all_cases(parts) if one.id != case.id]
    with parts.database.reading() as session:
        inside = session.scalars(
            select(ReportRow.id).where(ReportRow.case_id == case.id).order_by(ReportRow.created_ms)
        ).all()
    match chance.choice(("confirm", "reject", "corrected", "new", "duplicate", "merge", "split", "undo", "undo")):
        case "confirm":
            decisions.confirm_case(parts, case.id, version=mine, who=WHO)
        case "reject":
            decisions.reject(parts, case.id, version=mine, who=WHO, reason=f"Reason {chance.random()}.")
        case "corrected":
            decisions.mark_corrected(parts, case.id, version=mine, who=WHO)
        case "new":
            decisions.reopen_case(parts, case.id, version=mine, who=WHO)
        case "duplicate" if others:
            regrouping.mark_duplicate(parts, case.id, version=mine, who=WHO, of=chance.choice(others).id)
        case "merge" if others:
            some = chance.sample(others, min(len(others), 2))
            regrouping.merge(parts, case.id, version=mine, who=WHO, others={one.id: one.version for one in some})
        case "split" if inside:
            chosen = chance.sample(inside, chance.randint(1, len(inside)))
            regrouping.split_off(parts, case.id, version=mine, who=WHO, reports=chosen)
        case "undo":
            undo(parts, case.id, version=mine, who=WHO)


def wrong(parts: Parts) -> list[str]:
    """What doesn't fit together."""
    with parts.database.reading() as session:
        reports = session.scalars(select(ReportRow)).all()
    cases = {case.id: case for case in all_cases(parts)}
    counts = Counter(one.case_id for one in reports)
    found = [
        f"{case.id} counts {case.reports}, has {counts[case.id]}"
        for case in cases.values()
        if case.reports != counts[case.id]
    ]
    for one in reports:
        case = cases[one.case_id or ""]
        if case.state == "duplicate":
            found.append(f"{one.id} is left in a duplicate")
        if (one.state in ("corrected", "rejected")) != (one.settled_ms is not None):
            found.append(f"{one.id} is {one.state}, settled {one.settled_ms}")
        if case.state in ("corrected", "rejected") and one.state in ("new", "confirmed"):
            found.append(f"{one.id} is {one.state} in a case that is {case.state}")
    for case in cases.values():
        if (case.state == "duplicate") != (case.duplicate_of is not None):
            found.append(f"{case.id} is {case.state}, duplicate of {case.duplicate_of}")
        if (case.state in ("new", "confirmed")) != (case.settled_ms is None):
            found.append(f"{case.id} is {case.state}, settled {case.settled_ms}")
    return found


@pytest.mark.parametrize("seed", range(3))
def test_cases_and_reports_fit_together_after_every_step(parts: Parts, seed: int) -> None:
    chance = random.Random(seed)
    ready_clip(parts, sentences=TEXTS)
    done = Counter[str]()
    references = []
    for _ in range(STEPS):
        cases = all_cases(parts)
        what = chance.random()
        if what < 0.35 or not cases:
            sentence = chance.randrange(3)
            references.append(report(parts, sentence=sentence, word=chance.choice((1, 3))))
            gather(parts, references[-1])
        elif what < 0.42:
            change_report(parts, chance.choice(references), chance.choice(("rejected", "corrected")), "By itself.")
            continue  # a single answer may differ from its case
        else:
            with suppress(Conflict, InputRefused):
                decide(parts, chance, chance.choice(cases))
                done["decided"] += 1
        assert wrong(parts) == []
    assert done["decided"] > STEPS / 8


def test_undoing_each_decision_brings_back_exactly_what_was(parts: Parts) -> None:
    ready_clip(parts, sentences=TEXTS)
    chance = random.Random(7)
    for _ in range(12):
        gather(parts, report(parts, sentence=chance.randrange(3), word=chance.choice((1, 3))))
    undone = 0
    for _ in range(30):
        case = chance.choice(all_cases(parts))
        before = _told(parts)
        known = {one.id for one in all_cases(parts)}
        try:
            decide(parts, chance, case)
        except (Conflict, InputRefused):
            continue
        now = case_of(parts, case.id)
        if now.version == case.version or not now.undo:
            continue  # nothing was changed, or it was an undo
        undo(parts, case.id, version=now.version, who=WHO)
        after = {one: told for one, told in _told(parts).items() if one in known or one.startswith("R-")}
        assert after == before
        undone += 1
    assert undone > 10


def _told(parts: Parts) -> dict[str, tuple[object, ...]]:
    """Everything that a decision can change."""
    with parts.database.reading() as session:
        reports = session.scalars(select(ReportRow)).all()
    told: dict[str, tuple[object, ...]] = {
        one.id: (one.state, one.reason, one.duplicate_of, one.settled_ms is None, one.reports)
        for one in all_cases(parts)
    }
    return told | {one.id: (one.state, one.note, one.case_id, one.settled_ms) for one in reports}
