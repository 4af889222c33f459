"""How the years of a newsroom are judged, on amounts made up here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.measure.faults.years import _next_look
from tests.measure.years.copies import name_of_copy
from tests.measure.years.pattern import NAME, File, Pattern
from tests.measure.years.weighed import Amounts, beyond_rule

PATTERN = Pattern(
    article_id="art_1",
    clip_id="clip_1",
    made_ms=0,
    sentences=20,
    folder=Path(),
    files=[
        File(name="clips/clip_1/2/a.mp3", kind="clips", kept=True, bytes=500),
        File(name="clips/clip_1/1/a.mp3", kind="clips", kept=False, bytes=500),
    ],
)
A_YEAR_AGO = Amounts(
    articles=100,
    rows={"articles": 100, "utterances": 2600, "audit_log": 50, "reports": 10},
    objects={"clips": 130, "segments": 0, "live": 0},
    bytes={"clips": 65_000, "segments": 0, "live": 0},
    database_bytes=0,
)


def test_what_the_rule_keeps_is_no_growth() -> None:
    now = Amounts(
        articles=200,
        rows={"articles": 200, "utterances": 4600, "audit_log": 50, "reports": 20},
        objects={"clips": 230, "segments": 0, "live": 0},
        bytes={"clips": 115_000, "segments": 0, "live": 0},
        database_bytes=0,
    )
    assert not any(beyond_rule(A_YEAR_AGO, now, PATTERN).values())


def test_a_table_and_a_folder_that_are_not_pruned_are_found() -> None:
    rows = {**A_YEAR_AGO.rows, "audit_log": 60}
    now = replace(A_YEAR_AGO, rows=rows, bytes={**A_YEAR_AGO.bytes, "clips": 66_300})
    found = {name: share for name, share in beyond_rule(A_YEAR_AGO, now, PATTERN).items() if share}
    assert found == {"audit_log": 0.2, "bytes in clips/": 0.02}


def test_each_copy_has_a_name_of_its_own_as_long_as_the_pattern() -> None:
    names = {name_of_copy(number) for number in range(65_700)}
    assert len(names) == 65_700
    assert {len(name) for name in names} == {len(NAME)}
    assert name_of_copy(0) == NAME


def test_the_newsroom_is_looked_at_each_quarter_and_at_each_years_end() -> None:
    looks = sorted({_next_look(day, 2) for day in range(1, 731)})
    assert looks == [2, 91, 182, 273, 365, 456, 547, 638, 730]
