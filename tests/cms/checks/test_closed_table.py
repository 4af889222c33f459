"""The table of `make closed` in short, in one process: whatever a CMS sends to close an article, however it arrives,
nobody hears the article, and it is heard again once it is published.

The long form, with a real service, rounds of catch-up and real CMSs, is `python -m tests.measure.closed`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

import pytest

from tests.measure.closed.articles import CLOSED, Written
from tests.measure.closed.desk import in_process
from tests.measure.closed.papers import papers
from tests.measure.closed.play import Cell, cells_of, play
from tests.measure.closed.site import Site, site_of
from tts_service.cms.inbox import apply as applying
from tts_service.cms.sources.registry import SOURCES

pytestmark = pytest.mark.slow

ARRIVING = ("twice", "late", "other order")
"""A webhook that arrives twice also arrives once."""
SILENT_UNTIL_A_ROUND = {
    (source, state, way)
    for source, state in (("woocommerce", "trash"), ("strapi", "locale removed"))
    for way in ("late", "other order")
}
"""A deletion that counts as of its arrival shuts out what was published before; a round of catch-up mends it."""


@pytest.fixture
def sites() -> Iterator[list[Site]]:
    with ExitStack() as opened:
        yield [opened.enter_context(site_of(paper)) for paper in papers().values()]


def distinct(site: Site) -> list[str]:
    """States that the CMS can express; of those for which it sends the very same, one."""
    found: dict[tuple[tuple[bytes, str], ...], str] = {}
    for state in CLOSED:
        if state in site.paper.reasons:
            continue
        article = Written(id="7", slug="a", url=f"{site.address}/a", title="A", word="w", secret="s", state=state)
        article.changed_ms, article.before = 1_700_000_000_000, "public"
        article.versions.append(article)
        said = site.paper.closed(article, state)
        headers = [{name: value for name, value in one.headers.items() if "delivery" not in name} for one in said]
        key = tuple(
            (one.body.replace(b'"paid"', b'"members"'), repr(kept)) for one, kept in zip(said, headers, strict=True)
        )
        found.setdefault(key if state != "locale removed" else ((b"", state),), state)
    return list(found.values())


def played(folder: Path, patching: pytest.MonkeyPatch, sites: Sequence[Site], cells: Sequence[Cell]) -> None:
    with in_process(folder, sites, patching) as stage:
        stage.has_rounds = False
        play(stage, sites, cells, every_path=False)


def test_every_source_is_in_the_table() -> None:
    assert set(papers()) == set(SOURCES)
    for paper in papers().values():
        assert set(paper.reasons) < set(CLOSED), paper.source


@pytest.mark.timeout(600)
def test_nothing_that_is_closed_is_heard_and_all_that_is_public_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sites: list[Site]
) -> None:
    turns = cycle(ARRIVING)  # `make closed` plays every state in every way
    cells = [cell for site in sites for state in distinct(site) for cell in cells_of([site], [state], [next(turns)])]
    played(tmp_path, monkeypatch, sites, cells)
    assert not [cell for cell in cells if cell.broken]
    assert not [cell for cell in cells if cell.leaks]
    silent = {(cell.source, cell.state, cell.way) for cell in cells if cell.silent or cell.stays_silent}
    assert silent <= SILENT_UNTIL_A_ROUND


def test_the_table_notices_a_closing_that_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sites: list[Site]
) -> None:
    monkeypatch.setattr(applying, "withdraw_as_of", lambda *_, **__: True)
    [site] = [site for site in sites if site.paper.source == "generic"]
    cells = cells_of([site], ["draft", "password"], ["arrives"])
    played(tmp_path, monkeypatch, [site], cells)
    assert all(cell.leaks for cell in cells)


def test_the_table_notices_an_article_that_never_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sites: list[Site]
) -> None:
    [site] = [site for site in sites if site.paper.source == "generic"]
    cells = cells_of([site], ["draft"], ["arrives"])
    calls = iter(range(1000))

    def submit_once(*given: object, **more: object) -> object:
        if next(calls):
            raise applying.EmptyArticle("nothing comes back")
        return own(*given, **more)  # type: ignore[arg-type]

    own = applying.submit
    monkeypatch.setattr(applying, "submit", submit_once)
    played(tmp_path, monkeypatch, [site], cells)
    assert [cell.silent for cell in cells] == [["look-up by url"]]
