"""Generated newsroom pages: the whole story is read, and nothing of the boxes around and among it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.measure.text.newsroom.boxes import BOXES, NOT_IN_A_FIELD, SHORTCODES
from tests.measure.text.newsroom.pages import MadePage, made_pages
from tests.measure.text.newsroom.score import heard
from tests.measure.text.newsroom.stories import LANGUAGES, stories, wordings
from tts_service.article.blocks import read_blocks

PAGES = made_pages(25, seed=7)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_generated_page_is_read_without_loss_and_without_furniture(page: MadePage) -> None:
    found = heard(page)
    assert (found.lost, found.furniture) == ((), ())


@pytest.mark.parametrize(("seed", "number"), [(99, 229), (99, 238), (100, 240)])
def test_a_line_above_a_list_is_read_though_a_box_stands_between(seed: int, number: int) -> None:
    assert heard(made_pages(number + 1, seed)[number]).lost == ()


def test_the_text_around_a_poll_is_no_poll() -> None:
    assert heard(made_pages(119, 100)[118]).lost == ()


def test_no_text_is_lost_among_boxes_in_unknown_words() -> None:
    assert [found for page in made_pages(10, seed=11, unknown=True) if (found := heard(page).lost)] == []


def test_the_columns_of_a_layout_table_are_no_text() -> None:
    page = made_pages(8, seed=31, unknown=True)[7].article
    assert "<td width=120><div class='side'><h3>Nos longs formats</h3>" in page.source
    assert not any(block.spoken for block in read_blocks(page).blocks if block.text == "Nos longs formats")


def test_every_language_has_every_kind_of_box_and_the_texts_that_its_layouts_show() -> None:
    assert BOXES.keys() >= NOT_IN_A_FIELD
    for language in LANGUAGES:
        assert len(stories(language)) == 4
        for kind, box in BOXES.items():
            rows = [*wordings(language).get(kind, SHORTCODES), *wordings(language, unknown=True).get(kind, ())]
            for texts in rows:
                assert all(layout.format(*texts, c="") for layout in box.layouts)


def test_the_same_seed_makes_the_same_pages() -> None:
    assert [page.article.source for page in made_pages(3, seed=7)] == [page.article.source for page in PAGES[:3]]
    assert made_pages(1, seed=8)[0].article.source != PAGES[0].article.source


def test_lost_lines_and_spoken_furniture_are_found() -> None:
    page = PAGES[0]
    without = page.article.source.replace(page.wanted[3], "")
    more = page.article.source.replace(page.wanted[3], f"{page.wanted[3]}</p><p>Nobody wrote this line about a goat.")
    for source, lost, furniture in ((without, 1, 0), (more, 0, 1)):
        found = heard(replaced(page, source))
        assert (len(found.lost), len(found.furniture)) == (lost, furniture)


def replaced(page: MadePage, source: str) -> MadePage:

    return replace(page, article=replace(page.article, source=source))
