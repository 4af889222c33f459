"""How many pairs of reports are gathered rightly: together when they mean the same, apart when they don't."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from tests.measure.desk.listeners import MadeReport, made_world
from tests.measure.desk.world import draft_of, put_articles
from tests.measure.figures import Figure, median
from tests.parts.factories import make_parts
from tts_service.corrections.cases.gathering import gather
from tts_service.listeners.reports import receive
from tts_service.parts import Parts

SEEDS = (11, 12, 13, 14, 15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Pairs of reports by what they should be and what they are."""

    together: int
    """Rightly in one case."""
    apart: int
    """Rightly in two."""
    torn: int
    """In two cases, though they mean the same."""
    mixed: int
    """In one case, though they mean different things."""

    @property
    def right(self) -> float:
        """Percent of all pairs that are right."""
        return 100 * (self.together + self.apart) / (self.together + self.apart + self.torn + self.mixed)

    @property
    def precision(self) -> float:
        """Percent of the pairs in one case that belong together."""
        return 100 * self.together / (self.together + self.mixed)

    @property
    def recall(self) -> float:
        """Percent of the pairs that belong together that are in one case."""
        return 100 * self.together / (self.together + self.torn)


def gathered(parts: Parts, seed: int, count: int = 500) -> list[tuple[MadeReport, str]]:
    """Made reports, received and gathered, each with its case."""
    articles, reports = made_world(seed, count)
    put_articles(parts, articles)
    return [(report, gather(parts, receive(parts, draft_of(report)))) for report in reports]


def pairs_of(found: list[tuple[MadeReport, str]]) -> Pairs:
    """Compare all pairs with the truth."""
    kinds = Counter(
        (one.truth == other.truth, case == other_case) for (one, case), (other, other_case) in combinations(found, 2)
    )
    return Pairs(
        together=kinds[True, True], apart=kinds[False, False], torn=kinds[True, False], mixed=kinds[False, True]
    )


def wrong_by_way(found: list[tuple[MadeReport, str]]) -> Iterator[tuple[str, int, int]]:
    """(how it was reported, reports outside of their subject's largest case, all reports of that way)."""
    largest = {}
    for truth in {report.truth for report, _ in found}:
        cases = Counter(case for report, case in found if report.truth == truth)
        largest[truth] = cases.most_common(1)[0][0]
    ways = Counter(report.how for report, _ in found)
    wrong = Counter(report.how for report, case in found if case != largest[report.truth])
    for how, count in ways.most_common():
        yield how, wrong[how], count


def figures() -> Iterator[Figure]:
    """500 reports for each of some seeds, gathered in the order in which they arrive."""
    found = []
    ways: Counter[str] = Counter()
    for seed in SEEDS:
        with tempfile.TemporaryDirectory(prefix="tts-grouping-") as folder:
            parts = make_parts(Path(folder))
            made = gathered(parts, seed)
            parts.close()
        found.append(pairs_of(made))
        ways.update({how: wrong for how, wrong, _ in wrong_by_way(made)})
    worst = ", ".join(f"{how} ({wrong})" for how, wrong in ways.most_common(3))
    pairs = f"{len(SEEDS)} × 500 generated reports"
    yield median(f"pairs of {pairs} gathered rightly", [one.right for one in found], "%", target=98.0, sense="≥")
    yield median("pairs in one case that belong together", [one.precision for one in found], "%", note="precision")
    note = f"recall; most reports in a case of their own: {worst}"
    yield median("pairs that belong together in one case", [one.recall for one in found], "%", note=note)
