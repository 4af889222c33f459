"""What open desks are told: every change of the queue, once."""

from __future__ import annotations

import pytest

from tests.parts.cases import case_row
from tts_service.corrections import changes
from tts_service.corrections.changes import QueueWatch
from tts_service.db.tables import CaseRow
from tts_service.parts import Parts


def looked(parts: Parts, watch: QueueWatch) -> list[str]:
    with parts.database.reading() as session:
        return [change.id for change in watch.look(session)]


def changed(parts: Parts, *cases: CaseRow) -> None:
    with parts.database.writing() as session:
        session.add_all(cases)


@pytest.mark.parametrize("remembered", [5000, 2])
def test_more_changes_than_one_look_reads_are_told_by_the_next_ones(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, remembered: int
) -> None:
    monkeypatch.setattr(changes, "_MOST", 3)
    monkeypatch.setattr(changes, "_REMEMBERED", remembered)
    watch = QueueWatch(0)
    changed(parts, *(case_row(number, at_ms=100 + number // 4) for number in range(8)))
    told = [case_id for _ in range(5) for case_id in looked(parts, watch)]
    assert told == [f"case_{number}" for number in range(8)]

    changed(parts, case_row(8, at_ms=60_000))
    assert [case_id for _ in range(5) for case_id in looked(parts, watch)] == ["case_8"]


def test_a_change_that_is_committed_late_is_told(parts: Parts) -> None:
    watch = QueueWatch(0)
    changed(parts, case_row(1, at_ms=20_000))
    assert looked(parts, watch) == ["case_1"]
    changed(parts, case_row(2, at_ms=16_000))
    assert looked(parts, watch) == ["case_2"]
