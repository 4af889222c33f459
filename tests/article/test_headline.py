"""The headline is spoken once, whatever a page's `<title>`, its data or the CMS make of it."""

from __future__ import annotations

import pytest

from tts_service.article.blocks import ReadArticle, read_blocks
from tts_service.article.headline import names_headline, without_site
from tts_service.values import Article, BlockKind, SourceFormat

TEXT = tuple(
    f"Sentence {number} of the article says that the ferry left at {number}, with {number} people on board."
    for number in ("one", "two", "three", "four", "five")
)
BODY = "".join(f"<p>{line}</p>" for line in TEXT)
SITE = "The Elmsworth Gazette"
SAME = (
    ("Wrong secret", f"Wrong secret – {SITE}"),
    ("Wrong secret", f"Wrong secret — {SITE}"),
    ("Wrong secret", f"Wrong secret - {SITE}"),
    ("Wrong secret", f"Wrong secret | {SITE}"),
    ("Wrong secret", f"Wrong secret|{SITE}"),
    ("Wrong secret", f"Wrong secret » {SITE}"),
    ("Wrong secret", f"Wrong secret • {SITE}"),
    ("Wrong secret", f"Wrong secret · News · {SITE}"),
    ("Wrong secret", f"Wrong secret :: {SITE}"),
    ("Wrong secret", f"{SITE}: Wrong secret"),
    ("Wrong secret", f"{SITE} | Wrong secret"),
    ("Wrong secret", f"{SITE} » News » Wrong secret"),
    ("WRONG SECRET", f"Wrong secret – {SITE}"),
    ("“Wrong” secret", f'"Wrong" secret – {SITE}'),
    ("Wrong & secret", f"Wrong &amp; secret – {SITE}"),
    ("Ruth’s secret", f"Ruth&#8217;s secret – {SITE}"),
    ("Wrong – and secret", f"Wrong - and secret | {SITE}"),
    ("A wrong secret was kept for years by the harbour master", f"A wrong secret was kept for… – {SITE}"),
    ("A wrong secret was kept for years by the harbour master", "A wrong secret was kept for years by the harb..."),
    ("Wrong secret", f"Wrong secret: How the town was fooled – {SITE}"),
    ("Wrong secret: How the town was fooled", f"Wrong secret – {SITE}"),
    ("Wrong secret How the town was fooled", f"Wrong secret | {SITE}"),
    ("Falsches Geheimnis", "Falsches Geheimnis – Der Moorbecker Bote"),
    ("Un faux secret", "Un faux secret : le port s’étonne | Le Quai"),
)
"""A headline as readers see it, and a title that means it."""


def read(source: str, title: str | None = None) -> ReadArticle:
    return read_blocks(Article(site="s", external_id="1", source=source, source_format=SourceFormat.HTML, title=title))


def spoken(got: ReadArticle) -> list[str]:
    return [block.text for block in got.blocks if block.spoken]


def page(shown: str, title: str, head: str = "", *, before: str = "", tag: str = "h1") -> str:
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head><body>{before}"
        f"<main><{tag}>{shown}</{tag}><div>{BODY}</div></main></body></html>"
    )


@pytest.mark.parametrize(("shown", "title"), SAME)
def test_a_page_speaks_its_headline_once(shown: str, title: str) -> None:
    got = read(page(shown, title))
    assert spoken(got) == [shown, *TEXT]
    assert (got.title, got.blocks[0].kind) == (shown, BlockKind.HEADLINE)


@pytest.mark.parametrize(("shown", "title"), SAME)
def test_a_delivery_that_begins_with_the_headline_speaks_it_once(shown: str, title: str) -> None:
    got = read(f"<h1>{shown}</h1>{BODY}", title)
    assert spoken(got) == [shown, *TEXT]
    assert (got.title, got.blocks[0].kind) == (title, BlockKind.HEADLINE)


@pytest.mark.parametrize(("shown", "title"), SAME)
def test_a_page_whose_title_came_with_it_speaks_its_headline_once(shown: str, title: str) -> None:
    assert spoken(read(page(shown, title), title)) == [shown, *TEXT]


def test_a_page_with_another_title_in_the_cms_speaks_what_readers_see() -> None:
    got = read(page("Wrong secret", f"Wrong secret – {SITE}"), "How the harbour master fooled us all")
    assert spoken(got) == ["Wrong secret", *TEXT]


def test_the_sites_name_as_a_heading_is_not_the_headline() -> None:
    for head in ("", f'<meta property="og:site_name" content="{SITE}">'):
        for before in (f"<header><h1>{SITE}</h1></header>", f"<div><h1>{SITE}</h1></div>"):
            for title in (f"Wrong secret – {SITE}", f"{SITE}: Wrong secret"):
                assert spoken(read(page("Wrong secret", title, head, before=before))) == ["Wrong secret", *TEXT]


def test_a_headline_of_the_second_level_below_the_sites_name() -> None:
    source = page("Wrong secret", f"Wrong secret – {SITE}", before=f"<header><h1>{SITE}</h1></header>", tag="h2")
    assert spoken(read(source)) == ["Wrong secret", *TEXT]


def test_a_title_is_spoken_without_the_sites_name_where_no_heading_shows_it() -> None:
    head = '<link rel=canonical href="https://www.elmsworth-gazette.example/a">'
    source = page("", f"Wrong secret – {SITE}", head, tag="div")
    assert spoken(read(source)) == ["Wrong secret", *TEXT]
    assert without_site("Wrong secret – 1984", [], "https://gazette.example/") == "Wrong secret – 1984"
    assert without_site("Ports: Wrong secret", ["Ports"], None) == "Wrong secret"


@pytest.mark.parametrize(
    ("title", "heading"),
    [("The ferry: What now?", "What now?"), ("Ports – Wrong secret", "Wrong secret"), ("Wrong secret", "Wrong")],
)
def test_a_chapter_called_like_a_part_of_the_title_is_spoken(title: str, heading: str) -> None:
    got = read(f"<p>{TEXT[0]}</p><h2>{heading}</h2><p>{TEXT[1]}</p>", title)
    assert spoken(got) == [title, TEXT[0], heading, TEXT[1]]
    assert spoken(read(f"<h2>{heading}</h2>{BODY}", title))[0] == title


def test_a_heading_of_one_word_is_no_headline_that_says_more() -> None:
    got = read(f"<h1>Interview</h1>{BODY}", "Interview: The ferry is back")
    assert spoken(got) == ["Interview: The ferry is back", *TEXT]


def test_a_kicker_before_the_headline_stays_before_it() -> None:
    got = read(f"<p class=kicker>At the harbour</p><h1>Wrong secret</h1>{BODY}", f"Wrong secret | {SITE}")
    assert spoken(got) == ["At the harbour", "Wrong secret", *TEXT]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Wrong secret – The Gazette", "Right secret"),
        ("Secret – The Gazette", "Wrong secret"),
        ("", "Wrong secret"),
        ("Wrong secret", "…"),
        ("The… – Gazette", "The ferry"),
        ("Wrong secret", "Wrongs secretly kept"),
    ],
)
def test_another_headline_is_another(title: str, shown: str) -> None:
    assert not names_headline(title, shown)
