"""Every breakage still has its place in the code and its test, so that `make sabotage` can apply it."""

from __future__ import annotations

import re
from collections import Counter

from tests.breakages import BREAKAGES
from tests.parts.places import ROOT


def test_each_stands_exactly_once() -> None:
    found = {one.name: (ROOT / one.file).read_text("utf-8").count(one.old) for one in BREAKAGES}
    assert {name: count for name, count in found.items() if count != 1} == {}


def test_each_names_a_test_that_is_there() -> None:
    missing = []
    for one in BREAKAGES:
        file, *names = one.test.split("[")[0].split("::")
        source = (ROOT / file).read_text("utf-8")
        missing += [one.name for name in names if not re.search(rf"(def|class) {name}\b", source)]
    assert missing == []


def test_no_two_have_one_name() -> None:
    assert [name for name, count in Counter(one.name for one in BREAKAGES).items() if count > 1] == []
