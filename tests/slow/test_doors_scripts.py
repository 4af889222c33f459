"""What strangers write never runs on a page, in a real Chromium; a page that escapes nothing shows that it could."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.measure.doors.scripts import formulas, tried_in_frames, unescaped
from tests.parts import browser as chromium
from tests.parts.scripts_served import serving
from tests.parts.staff import Signed

pytestmark = [
    pytest.mark.slow,
    chromium.NEEDED,
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Signed, list[str]]]:
    with serving(tmp_path_factory.mktemp("scripts")) as made:
        yield made


def test_no_payload_runs_even_without_the_pages_policy(browser: Browser, served: tuple[str, Signed, list[str]]) -> None:
    """Each page with every twentieth payload, other ones than the page before; `make doors` tries them all."""
    control, seen = tried_in_frames(browser, *served, every=20)
    assert seen.ran == []
    assert seen.pages >= 40
    assert len(control) >= 40  # what runs where nothing is escaped: silence means something


def test_behind_the_policy_no_payload_runs_where_nothing_is_escaped(
    browser: Browser, served: tuple[str, Signed, list[str]]
) -> None:
    """With every third payload; `make doors` tries them all."""
    assert unescaped(browser, served[0], without_policy=False, every=3) == set()


def test_no_cell_of_an_exported_table_is_a_formula() -> None:
    assert formulas() == []
