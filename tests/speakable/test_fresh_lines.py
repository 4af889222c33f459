"""The fresh lines of tests/data/fresh: what was right at the first look stays right."""

from __future__ import annotations

import pytest

from tests.measure.text.fresh import FreshLine, by_batch, fresh_lines

LINES = by_batch(fresh_lines())
FEWEST = {"first": 60, "second": 50, "third": 60, "fourth": 40, "fifth": 50}
"""Lines of a batch in each language."""
MORE = {("first", "en"): 100, ("first", "de"): 100, ("third", "en"): 80, ("third", "de"): 80}


@pytest.mark.parametrize("batch", LINES, ids=" ".join)
def test_what_was_right_at_the_first_look_stays_right(batch: tuple[str, str]) -> None:
    lines = LINES[batch]
    wrong = [(line.written, line.said) for line in lines if line.was_right and not line.is_right]
    assert wrong == []
    assert len(lines) >= MORE.get(batch, FEWEST.get(batch[0], 1))


@pytest.mark.parametrize(("right", "counts"), [("ah ‖ oh", True), ("ah oh", False), ("ah ‖ eh", False)])
def test_a_line_is_right_only_with_its_words_and_its_sentence_ends(right: str, counts: bool) -> None:
    line = FreshLine(batch="first", language="en", was_right=True, written="Ah. Oh.", right=(right,))
    assert line.is_right is counts
