"""Links that call readers elsewhere are found by their shape, in words that no list knows; the text's links stay."""

from __future__ import annotations

import pytest

from tests.article.test_cards import TEXT
from tts_service.article.cards import skip_cards
from tts_service.article.html import read_fragment
from tts_service.article.sifting import skip_furniture

FIRST, REST = TEXT[: TEXT.index("</p>") + 4], TEXT[TEXT.index("</p>") + 4 :]


def spoken(source: str) -> str:
    """What is read of an element among the paragraphs of a text."""
    pieces = skip_furniture(skip_cards(read_fragment(f"<article>{FIRST}{source}{REST}</article>")))
    return " ".join(item.text for item in pieces if item.skip_reason is None and item.text not in TEXT)


@pytest.mark.parametrize(
    "furniture",
    [
        '<div class="c1"><h4>Fog matters to you?</h4><p>Two coins keep it coming.</p><a href="/g">Give them</a></div>',
        '<div class="c1"><img src="k.jpg"><h4>Kettle Una</h4><p>£49.90</p><a href="https://s.example">At Una</a>'
        "<p>A little of it is ours.</p></div>",
        '<div class="c1"><span>A day out</span><h4><a href="/e">Night of the lamps</a></h4><time>Saturday</time>'
        '<a href="/e">Be there</a></div>',
        '<section class="c1"><h2>Your turn <span>12</span></h2><p>Every word is read.</p>'
        '<a href="#c">Tell us</a></section>',
        '<p><b>Fog Letter</b> Each Friday, with goats. <a href="/l">Count me in</a></p>',
        '<p><em>Fog matters to you? Two coins keep it coming.</em> <a href="/g"><em>Give them</em></a></p>',
        '<p>As seen last week <a href="/x">Mayor defends the goat and her new timetable</a></p>',
        '<p>→ <em>From the start:</em> <a href="/x"><strong>How the fog came to Elmsworth</strong></a></p>',
        '<p>Hand it on: <a href="https://a.example/s">Ant</a> · <a href="https://b.example/s">Bee</a></p>',
        '<p><b>From the quay</b><br><a href="/1">A goat votes</a><br><a href="/2">Fog again</a></p>',
        '<a href="/l"><strong>Fog Letter</strong><p>Each Friday, with goats.</p></a>',
        '<div class="c1"><p>Fog goes on below.</p><script>fill()</script></div>',
        '<div class="c1"><p>Fog goes on below</p><div id="slot-1"></div></div>',
        '<div class="c1"><span>From friends</span><a href="https://s.example"><img src="s.jpg"></a></div>',
        '<div class="c1"><span>Salt Roads</span><button><svg></svg></button><span>24:10</span>'
        "<p>A bus, a stop.</p></div>",
        '<div class="c1"><span>From the quay</span>'
        '<article><a href="/1"><h3>A goat votes</h3><p>It ate.</p></a></article>'
        '<article><a href="/2"><h3>Fog</h3><p>It fell.</p></a></article></div>',
        '<amp-iframe src="https://m.example"><div placeholder><p>A map of the fog.</p></div></amp-iframe>',
        '<ul><li><a rel="tag" href="/t/1">Goats</a></li><li><a rel="tag" href="/t/2">Fog</a></li></ul>',
    ],
)
def test_a_call_is_left_out_with_what_it_is_about(furniture: str) -> None:
    assert spoken(furniture) == ""


@pytest.mark.parametrize(
    "text",
    [
        '<div class="c1"><h4>The museum</h4><p>Open daily until May.</p><p><a href="https://m.example">www.m.example</a></p></div>',
        '<div class="c1"><h4>The plan</h4><p>It hangs in the <a href="/hall">town hall</a>.</p></div>',
        '<p>The plan hangs in the town hall, <a href="/hall">behind glass</a>.</p>',
        '<p>The goat ate the plan. It had also eaten the bill. <a href="/v">See for yourself</a></p>',
        '<p><b>Elmsworth.</b> The goat ate the plan. <a href="/v">See for yourself</a></p>',
        '<p>They sang <a href="/1">Fog</a>, <a href="/2">Salt</a> and <a href="/3">Rope</a>.</p>',
        '<a href="/h"><h3>The plan</h3></a>',
        '<div class="c1"><img src="g.jpg"><h4>The goat</h4></div>',
        '<div class="c1"><img src="g.jpg"><p>The goat sails on Sundays.</p></div>',
    ],
)
def test_links_of_the_text_stay(text: str) -> None:
    assert spoken(text)


def test_boxes_shaped_like_those_of_the_text_stay_with_their_links() -> None:
    sections = "".join(
        f'<div class="s"><h3>Part {part}</h3><p>The goat has crossed the bay {part} times, in fog and in rain.</p>'
        f'<p><a href="https://l.example/{part}">The log of its crossing</a></p></div>'
        for part in range(2, 9)
    )
    pieces = skip_cards(read_fragment(f'<div class="body">{sections}</div>'))
    assert [item.text for item in pieces if item.skip_reason and item.level] == []


@pytest.mark.parametrize("line", ["Put online by hbw", "Edited by: jbt", "(hbw with AFP)"])
def test_a_last_line_with_initials_is_a_credit(line: str) -> None:
    pieces = skip_furniture(read_fragment(f"{TEXT}<p>{line}</p>"))
    assert pieces[-1].skip_reason == "agency credit"


@pytest.mark.parametrize("line", ["Entry is free", "The path is 4 km", "(Entry is free)", "Bring boots etc"])
def test_a_last_line_of_words_is_no_credit(line: str) -> None:
    assert skip_furniture(read_fragment(f"{TEXT}<p>{line}</p>"))[-1].skip_reason is None


def test_a_list_of_tools_above_the_text_is_left_out_and_a_list_of_points_stays() -> None:
    tools = '<ul><li>Hear it all</li><li><a href="#">Hold it</a></li><li><a href="#">Bigger</a></li></ul>'
    points = "<ul><li>The ferry is back</li><li>It left at noon</li></ul>"
    for row, kept in ((tools, False), (points, True)):
        texts = [item.text for item in skip_furniture(read_fragment(row + TEXT)) if item.skip_reason is None]
        assert (len(texts) > 3) is kept


@pytest.mark.parametrize("heading", ["<h2>What the crane did</h2>", "<p><strong>And the crane?</strong></p>"])
def test_a_heading_stays_where_links_stand_between_it_and_its_text(heading: str) -> None:
    links = '<ul><li><a href="/1">A goat votes</a></li><li><a href="/2">Fog again</a></li></ul>'
    assert "crane" in spoken(heading + links)
