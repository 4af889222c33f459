"""CPU time of the tests, by test: a pytest plugin, and a table made from what it wrote.

    python -m pytest -p tests.measure.suite_cpu …      # adds to out/suite-cpu.tsv
    python -m tests.measure.suite_cpu                  # prints it by group and file, with the most expensive tests

A test's figure is user and system time of its process and of every process below it, from the end of the test before
it to its own end: a fixture counts for the test that asked for it first, a server that several tests share for each of
them by what it worked meanwhile. What a process did before its first test has a line of its own.
"""

from __future__ import annotations

import argparse
import ctypes
import fnmatch
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parts.places import ROOT
from tests.parts.service import descendants

RECORD = ROOT / "out/suite-cpu.tsv"
BEFORE_TESTS = "imports and collection"
GROUPS = {
    "desk": (
        "tests/corrections/*",
        "tests/mail/*",
        "tests/client/test_desk*",
        "tests/jobs/test_re[cl]*.py",
        "tests/jobs/test_revise.py",
        "tests/slow/test_desk*",
        "tests/slow/test_cases_on*",
        "tests/slow/test_corrections_on*",
        "tests/slow/test_answers_on*",
        "tests/web/test_articles_pages.py",
        "tests/web/test_case*",
        "tests/web/test_correction*",
        "tests/web/test_desk*",
        "tests/web/test_lexicon_page.py",
        "tests/web/test_sites_pages.py",
    )
}
"""Files that belong together although they lie in several folders; every other file counts for its folder."""
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_SUBREAPER = 36
"""Linux' PR_SET_CHILD_SUBREAPER: a server that leaves its parent (PostgreSQL) stays below the process of its tests."""


def tree_cpu_s() -> float:
    """User and system time of this process and of everything below it that lives or was waited for."""
    own = os.times()
    total = own.user + own.system + own.children_user + own.children_system
    for pid in descendants(os.getpid()):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile: its parent has its time
            continue
        total += sum(int(ticks) for ticks in fields[11:15]) / _TICKS_PER_S
    return total


class _Meter:
    """In a process that runs tests."""

    def __init__(self) -> None:
        self.at_s: float | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if self.at_s is None:
            self.at_s = tree_cpu_s()
            item.user_properties.append((BEFORE_TESTS, self.at_s))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Iterator[None]:
        try:
            return (yield)
        finally:
            before_s = self.at_s or 0.0
            self.at_s = tree_cpu_s()
            if self.at_s < before_s:  # a process was missed while another one started, or has ended with its time
                self.at_s = tree_cpu_s()
            item.user_properties.append(("cpu_s", max(0.0, self.at_s - before_s)))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Meter())
    if hasattr(config, "workerinput") and sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Only where the results arrive: not in a process that another one started for tests."""
    if report.when != "teardown" or "PYTEST_XDIST_WORKER" in os.environ:
        return
    spent = dict(report.user_properties)
    RECORD.parent.mkdir(exist_ok=True)
    with RECORD.open("a", encoding="utf-8") as record:
        if BEFORE_TESTS in spent:
            record.write(f"{BEFORE_TESTS}\t{spent[BEFORE_TESTS]:.2f}\n")
        record.write(f"{report.nodeid}\t{spent['cpu_s']:.2f}\n")


def group_of(test: str) -> str:
    """The group, or the folder, that a test counts for."""
    file = test.partition("::")[0]
    for name, patterns in GROUPS.items():
        if any(fnmatch.fnmatch(file, pattern) for pattern in patterns):
            return name
    return file.rpartition("/")[0] or file


def summary(spent: Counter[str], most: int = 40) -> Iterator[str]:
    """The lines of the table: groups, files and tests, the most expensive first."""
    groups, files, functions = Counter[str](), Counter[str](), Counter[str]()
    for test, seconds in spent.items():
        groups[group_of(test)] += seconds
        files[test.partition("::")[0]] += seconds
        functions[test.partition("[")[0]] += seconds
    for title, counted in (("group", groups), ("file", files), ("test", functions)):
        yield f"\n{'CPU s':>8}  {title}"
        yield from (f"{seconds:8.1f}  {name}" for name, seconds in counted.most_common(most))
    yield f"\n{spent.total():8.1f}  in all"


def spent_by_test() -> Counter[str]:
    """What the record says; a test that ran several times, or lines of several processes, are added up."""
    spent = Counter[str]()
    for line in RECORD.read_text("utf-8").splitlines():
        test, _, seconds = line.rpartition("\t")
        spent[test] += float(seconds)
    return spent


def main() -> None:
    """Print what was recorded."""
    parser = argparse.ArgumentParser(description="CPU time of the tests, as recorded in out/suite-cpu.tsv")
    parser.add_argument("--most", type=int, default=40, help="lines of each table")
    most = parser.parse_args().most
    print(*summary(spent_by_test(), most), sep="\n")


if __name__ == "__main__":
    main()
