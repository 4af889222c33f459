"""The table of the tests' CPU time: every test counts once, and groups name files that are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from tests.measure import suite_cpu
from tests.measure.suite_cpu import GROUPS, group_of, summary
from tests.parts.places import ROOT


def test_each_pattern_of_a_group_finds_files() -> None:
    gone = [pattern for patterns in GROUPS.values() for pattern in patterns if not [*ROOT.glob(pattern)]]
    assert gone == []


def test_a_test_counts_for_its_group_or_else_for_its_folder() -> None:
    assert group_of("tests/slow/test_desk.py::test_one[a/b]") == "desk"
    assert group_of("tests/jobs/test_release.py::test_one") == "desk"
    assert group_of("tests/jobs/test_revisions.py::test_one") == "tests/jobs"
    assert group_of("imports and collection") == "imports and collection"


def test_the_cases_of_a_test_are_added_up() -> None:
    spent = Counter({"tests/db/test_a.py::test_one[x]": 1.25, "tests/db/test_a.py::test_one[y]": 2.5})
    lines = list(summary(spent))
    assert "     3.8  tests/db" in lines
    assert "     3.8  tests/db/test_a.py::test_one" in lines
    assert lines[-1].split() == ["3.8", "in", "all"]


class _Item:
    """As much of a test as the meter needs."""

    def __init__(self) -> None:
        self.user_properties: list[tuple[str, float]] = []


@pytest.mark.parametrize(
    ("looks", "spent"),
    [
        pytest.param((10, 12, 3, 3, 5), [2, 0, 2], id="a browser has ended, and its time is gone"),
        pytest.param((10, 12, 3, 13, 15), [2, 1, 2], id="a process was missed at one look"),
    ],
)
def test_a_test_counts_whatever_ended_before_it(
    monkeypatch: pytest.MonkeyPatch, looks: Sequence[float], spent: Sequence[float]
) -> None:
    seen = iter(looks)
    monkeypatch.setattr(suite_cpu, "tree_cpu_s", lambda: next(seen))
    meter = suite_cpu._Meter()
    found = []
    for _ in spent:
        item: Any = _Item()
        meter.pytest_runtest_setup(item)
        ending = meter.pytest_runtest_teardown(item)
        next(ending)
        with pytest.raises(StopIteration):
            ending.send(None)
        found.append(dict(item.user_properties)["cpu_s"])
    assert found == list(spent)
