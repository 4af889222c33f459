"""Cards are found by their structure, in a CMS's field as on a page; boxes of the text stay."""

from __future__ import annotations

import pytest

from tts_service.article.cards import skip_cards
from tts_service.article.html import read_fragment

TEXT = (
    "<p>The council of Elmsworth has bought back the old ferry, which had been lying in a garden for nine years.</p>"
    "<p>It paid less for it than for the crane that lifted it out, said the mayor, who had wanted a bus instead.</p>"
    "<p>In spring it is to cross the bay again, if a captain can be found and the engine agrees to start.</p>"
)


def reasons(source: str, *names: str) -> dict[str, str | None]:
    return {item.text: item.skip_reason for item in skip_cards(read_fragment(source), names)}


CARDS = {
    "a field": '<div class="c1"><div>Post from the quay</div><div>Each Friday, with weather.</div><input></div>',
    "a field in a row of its own": "<div><h3>Post</h3><p>Each Friday.</p><div><input><button>Go</button></div></div>",
    "a link that looks like a button": (
        '<div><p>We have no owner.</p><p><a class="btn" href="/g">Give a coin</a></p></div>'
    ),
    "a link with the role of a button": '<div><p>It is hidden.</p><a href="#" role="button">Lift the veil</a></div>',
    "links under a heading": (
        '<div><div>And then</div><a href="/1">A goat votes</a><br><br><a href="/2">Fog again</a></div>'
    ),
    "links in boxes": (
        '<div><h3>Else</h3><div><a href="/1">A goat votes</a></div><div><a href="/2">Fog</a></div></div>'
    ),
    "a teaser": '<div><a href="/1"><h4>A goat votes</h4></a><p>It chose the green paper, and then ate it.</p></div>',
    "teasers under a heading": (
        '<div><h3>Else</h3><div><a href="/1">A goat votes</a><p>It ate the green paper.</p></div></div>'
    ),
    "a frame with its title": (
        '<div><p>The Slow Line</p><p>A bus, to its last stop.</p><iframe src="/p"></iframe></div>'
    ),
    "a sound": "<div><p>Our sound of the day</p><audio src='a.mp3'></audio></div>",
    "a picture with its credit": '<div><img src="a.jpg"><div>Fog at noon.</div><div>Photo: Ines Moor</div></div>',
    "shares of a poll": "<div><p>Should it run?</p><ul><li>Yes 45%</li><li>No 55%</li></ul><p>12 votes</p></div>",
    "shares behind a question": "<div><p>Tram or car?</p><ul><li>Tram 45%</li><li>Car 55%</li></ul><p>Yours?</p></div>",
    "an author with a role": (
        '<div><img src="a.jpg"><div>Hal Moss</div><div>Reporter for the harbour pages.</div></div>'
    ),
    "most lines are furniture": (
        "<div><p>The Slow Line</p><p>A bus, to its last stop.</p><p>Spotify</p><p>RSS</p></div>"
    ),
}


@pytest.mark.parametrize("name", CARDS)
def test_a_card_is_left_out_and_the_text_around_it_stays(name: str) -> None:
    first, rest = TEXT[: TEXT.index("</p>") + 4], TEXT[TEXT.index("</p>") + 4 :]
    got = reasons(f"<div class='body'>{first}{CARDS[name]}{rest}</div>")
    spoken = [text for text, reason in got.items() if reason is None]
    assert len(spoken) == 3 and all(text in TEXT for text in spoken)


BOXES_OF_THE_TEXT = {
    "a box of facts": (
        "<div><h3>The ferry</h3><p>Built in 1931 at Calder, it carried forty people and a goat.</p></div>"
    ),
    "an author's name without a role": (
        "<div><h3>Ann Lee</h3><p>She has kept the ferry in her garden for nine years.</p></div>"
    ),
    "a picture without a credit": '<div><img src="a.jpg"><p>The oldest boat still sails on Sundays.</p></div>',
    "a paragraph with a link in it": (
        '<div><p>Its <a href="/plan">plan</a> hangs in the town hall of Elmsworth.</p></div>'
    ),
    "a button for sharing": "<div><p>Ferry stopped at the second buoy.</p><button>Share</button></div>",
    "questions that open": (
        '<div><button aria-expanded="true">When?</button><p>On the first of April, at nine.</p></div>'
    ),
    "shares without votes": "<div><p>Of the crew</p><ul><li>had slept 45%</li><li>had not 55%</li></ul></div>",
    "a list of links": '<div><ul><li><a href="/1">The plan</a></li><li><a href="/2">The bill</a></li></ul></div>',
    "a video with a paragraph": "<div><iframe src='/v'></iframe><p>The crane came from Calder, needed two days for the "
    "nine miles, and lifted the ferry over three hedges and a greenhouse without breaking a pane.</p></div>",
}


@pytest.mark.parametrize("name", BOXES_OF_THE_TEXT)
def test_a_box_of_the_text_is_no_card(name: str) -> None:
    got = reasons(f"<div class='body'>{TEXT}{BOXES_OF_THE_TEXT[name]}{TEXT.replace('ferry', 'barge')}</div>")
    free = {text: reason for text, reason in got.items() if text not in ("Share", "When?")}
    assert set(free.values()) == {None}


def test_a_field_in_a_label_asks_too() -> None:
    box = "<div><div>A map of Elmsworth</div><div>It may tell others where you are.</div>{}</div>"
    asking = box.format('<label><input type="checkbox">Show it</label>')
    assert reasons(TEXT + asking)["A map of Elmsworth"] == "form"
    assert reasons(TEXT + box.format("<label>Show it</label>"))["A map of Elmsworth"] is None


def test_a_box_about_the_known_author_is_left_out_without_a_role() -> None:
    box = "<div><p>Ann Lee</p><p>keeps bees behind the town hall.</p></div>"
    assert reasons(TEXT + box)["Ann Lee"] is None
    assert reasons(TEXT + box, "Ann Lee")["Ann Lee"] == "byline"


def test_a_list_of_products_is_what_a_page_is_about() -> None:
    items = "".join(
        f'<div><a href="/{i}"><h3>Kettle {i}</h3></a><p>It whistles in {i} voices, boils two litres in {i} minutes, '
        f"and wakes all who sleep on floor {i} of the house.</p></div>"
        for i in range(9)
    )
    assert set(reasons(f"<p>Nine kettles in one day.</p>{items}").values()) == {None}


def test_a_small_article_in_one_box_with_a_form_is_no_card() -> None:
    got = reasons("<div><p>The ferry is back.</p><p>It left at noon.</p><div><input><button>Go</button></div></div>")
    assert got["The ferry is back."] is None
