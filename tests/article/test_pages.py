"""Full pages: the article and nothing beside it, whatever stands around."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.measure.text.pages import compare, pairs, score
from tts_service.article.blocks import ReadArticle, read_blocks
from tts_service.values import Article, SourceFormat

TEXT = tuple(
    f"<p>Sentence {number} of the article says that the ferry left at {number}, with {number} people on board.</p>"
    for number in ("one", "two", "three", "four", "five", "six", "seven")
)
MENU = '<div class="top"><a href="/n">News</a> <a href="/w">Weather</a></div>'
LEAD = "Nobody had expected it to leave so early on a Monday"
HEAD = '<title>The ferry left early</title><meta name="description" content="{}">'


def page(*body: str, head: str = HEAD.format("")) -> ReadArticle:
    source = f"<!doctype html><html lang=en><head>{head}</head><body>{MENU}{''.join(body)}</body></html>"
    return read_blocks(Article(site="s", external_id="1", source=source, source_format=SourceFormat.HTML))


def spoken(got: ReadArticle) -> list[str]:
    return [block.text for block in got.blocks if block.spoken]


def reasons(got: ReadArticle, text: str) -> list[str | None]:
    return [block.skip_reason for block in got.blocks if text in block.text]


ARTICLE = [paragraph.removeprefix("<p>").removesuffix("</p>") for paragraph in TEXT]


def test_teaser_cards_and_forms_around_and_amid_the_text_are_left_out() -> None:
    card = (
        '<div><h3><a href="/c">Seal in the market</a></h3><p>Traders led it back to the slipway with a towel.</p></div>'
    )
    form = "<div><p>The best of the coast, every Friday at noon.</p><form><button>Send it</button></form></div>"
    got = page("<main><h1>The ferry left early</h1><div>", *TEXT[:4], card, form, *TEXT[4:], "</div>", card, "</main>")
    assert spoken(got) == ["The ferry left early", *ARTICLE]


def test_of_several_articles_the_one_with_the_pages_headline_is_read() -> None:
    others = "".join(
        f"<article><h2>Another story {i}</h2><p>The council of town {i} will meet on Friday because of its bridge.</p>"
        f"<p>It is the third time this year that it has met for that, and the bridge is no better.</p></article>"
        for i in range(3)
    )
    got = page("<main>", others, "<article><h1>The ferry left early</h1>", *TEXT, "</article>", others, "</main>")
    assert spoken(got) == ["The ferry left early", *ARTICLE]


@pytest.mark.parametrize(
    ("head", "between"),
    [
        ("", f'<p class="standfirst">{LEAD}</p><p>By Ann Lee</p><p>2 March 2026</p>'),
        (LEAD, f"<p>By Ann Lee</p><p>2 March 2026</p><div><div>{LEAD}</div></div>"),
        ("", f"<h2>{LEAD}</h2><p>By Ann Lee</p>"),
        ("", f'<div class="chapo">{LEAD}.</div>'),
    ],
)
def test_the_standfirst_is_read_where_it_stands(head: str, between: str) -> None:
    got = page("<h1>The ferry left early</h1>", between, '<div class="body">', *TEXT, "</div>", head=HEAD.format(head))
    assert [text.rstrip(".") for text in spoken(got)[:3]] == ["The ferry left early", LEAD, ARTICLE[0].rstrip(".")]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("The ferry left early | Coast Mail", "The ferry left early"),
        ("Coast Mail: The ferry left early", "The ferry left early"),
        ("Ferry news of the day", "The ferry left early"),
    ],
)
def test_the_headline_is_the_one_that_readers_see(title: str, shown: str) -> None:
    got = page(f"<main><h1>{shown}</h1>", *TEXT, "</main>", head=f"<title>{title}</title>")
    assert (got.title, spoken(got)[0], spoken(got).count(shown)) == (shown, shown, 1)


def test_a_container_named_like_furniture_may_hold_the_article() -> None:
    kept = '<p data-tts="skip">A note of the editors to each other, which nobody else should hear.</p>'
    got = page(
        "<h1>The ferry left early</h1>", '<div class="social-share promo">', *TEXT[:3], kept, *TEXT[3:], "</div>"
    )
    assert spoken(got) == ["The ferry left early", *ARTICLE]
    assert reasons(got, "A note") == ["marked by the editors: not to be spoken"]


def test_a_paragraph_that_stands_on_the_page_twice_is_said_once() -> None:
    got = page("<main><h1>The ferry left early</h1>", *TEXT, TEXT[2], "</main>")
    assert spoken(got) == ["The ferry left early", *ARTICLE]
    assert reasons(got, "Sentence three") == [None, "said already"]


def test_a_refrain_is_said_each_time() -> None:
    refrain = "<p>And nobody aboard could say, neither then nor later, who had untied it.</p>"
    verses = "".join(f"{paragraph}{refrain}" for paragraph in TEXT[:4])
    got = page("<main><h1>The ferry left early</h1>", verses, "</main>")
    assert spoken(got).count(refrain[3:-4]) == 4


def test_lines_that_differ_in_a_word_are_all_said() -> None:
    wards = [
        f"In {ward} Ward the seat goes to {name} of the Greens with a majority of eighteen votes over the other two."
        for ward, name in (("Mill", "Ann Cole"), ("Quay", "Bob Rusk"), ("Church", "Eva Lund"), ("Station", "Max Orme"))
    ]
    got = page("<main><h1>The ferry left early</h1>", *TEXT[:3], *(f"<p>{ward}</p>" for ward in wards), "</main>")
    assert spoken(got)[4:] == wards


def test_a_lead_that_equals_a_caption_is_said() -> None:
    lead = "The ferry left at six, with nobody aboard but the cat of the harbour master."
    figure = f"<figure><img src='f.jpg'><figcaption>{lead}</figcaption></figure>"
    got = page("<main><h1>The ferry left early</h1>", figure, f"<p>{lead}</p>", *TEXT, "</main>")
    assert spoken(got) == ["The ferry left early", lead, *ARTICLE]


def test_a_body_in_two_elements_is_read_to_its_end() -> None:
    two = ("<div class='text'>", *TEXT[:6], "</div><div class='slot'><p>Advertisement</p></div><div class='text'>")
    got = page(
        "<article><h1>The ferry left early</h1>", *two, "<ul><li>One rope</li></ul>", TEXT[6], "</div></article>"
    )
    assert spoken(got) == ["The ferry left early", *ARTICLE[:6], "One rope", ARTICLE[6]]


def test_what_stands_between_the_headline_and_the_articles_own_element_is_read() -> None:
    lead = "<p>It was the first time in nine years, and the last, if the harbour master has his way.</p>"
    got = page("<article><h1>The ferry left early</h1>", lead, "<div class='text'>", *TEXT, "</div></article>")
    assert spoken(got) == ["The ferry left early", lead[3:-4], *ARTICLE]


def test_headings_below_the_text_head_nothing() -> None:
    got = page("<main><h1>The ferry left early</h1>", *TEXT, "<h2>Your say on the ferry</h2></main>")
    assert reasons(got, "Your say") == ["not part of the article's text"]


def test_a_page_whose_extraction_holds_its_links_is_read_without_them() -> None:
    links = "".join(f'<p><a href="/{i}">Another headline of the day, number {i}</a></p>' for i in range(5))
    got = page("<main><h1>The ferry left early</h1>", *TEXT[:3], links, *TEXT[3:], "</main>")
    assert spoken(got) == ["The ferry left early", *ARTICLE]


def test_a_language_without_spaces_is_measured_by_its_letters() -> None:
    text = (
        "<p>市政府星期一宣布，旧码头将于春天重新开放。</p><p>居民为此等待了两年多，有人带来了面包和咖啡。</p>"
        "<p>渔民说，风太大的时候，他们宁愿留在家里。</p><p>新的灯塔要到秋天才能点亮，因为缺少一个零件。</p>"
    )
    got = page("<main><h1>码头重新开放</h1>", text, "</main>", head="<title>码头重新开放</title>")
    assert len(spoken(got)) == 5


def test_the_score_counts_words_in_a_row(tmp_path: Path) -> None:
    assert compare("a b c d e", "a b c d e", 4) == (1.0, 1.0, 1.0)
    assert compare("a b c d x", "a b c d e", 4) == (0.5, 0.5, 0.5)
    assert compare("", "a", 4) == (0.0, 0.0, 0.0)
    assert compare("B a", "a b c", 1) == (1.0, 2 / 3, 0.8)
    (tmp_path / "a.html").write_text("<html><body><p>one two three four five</p></body></html>")
    (tmp_path / "a.txt").write_text("one two three four five")
    (tmp_path / "b.html").write_text("<p>x</p>")
    (tmp_path / "b.json").write_text('{"articleBody": "y"}')
    assert [name for name, _, _ in pairs(tmp_path)] == ["a", "b"]
    assert score(tmp_path, lambda html: "one two three four five") == (0.5, 0.5, 0.5)
