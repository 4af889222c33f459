"""Markup that changes what is said: raised and lowered text, struck text, sources, quotes, abbreviations, readings."""

from __future__ import annotations

import pytest

from tests.parts.factories import make_article
from tts_service.article.blocks import read_blocks
from tts_service.article.html import read_fragment
from tts_service.article.sifting import skip_furniture
from tts_service.values import SourceFormat

SAID = {
    "It costs £12<sup>50</sup> now.": "It costs £12.50 now.",
    "Only $3<sup>99</sup>!": "Only $3.99!",
    "12<sup>50</sup> € im Vorverkauf": "12,50 € im Vorverkauf",
    "10<sup>6</sup> people": "10⁶ people",
    "10<sup>-3</sup> m": "10⁻³ m",
    "4 km<sup>2</sup> of E = mc<sup>2</sup>": "4 km² of E = mc²",
    "the word<sup>1</sup> stands": "the word stands",
    "in 2019<sup>3</sup> it": "in 2019 it",
    "said.<sup>12,13</sup> More": "said. More",
    "a goat<sup>*</sup> and a hen<sup>[2]</sup>": "a goat and a hen",
    "the 2<sup>nd</sup> day, le 1<sup>er</sup> mai": "the 2nd day, le 1er mai",
    "M<sup>me</sup> Roux": "Mme Roux",
    "la 3<sup>a</sup> vez": "la 3ª vez",
    "Decreto n.<sup>o</sup> 12": "Decreto n.º 12",
    "loi n<sup>o</sup> 2021-1109": "loi nº 2021-1109",
    "M<sup>a</sup> Ruiz y n.<sup>os</sup> 3 y 4": "Ma Ruiz y n.os 3 y 4",
    "Brix<sup>TM</sup> tea": "Brix™ tea",
    "CO<sub>2</sub> and H<sub>2</sub>SO<sub>4</sub>": "CO₂ and H₂SO₄",
    "x<sub>i</sub>": "xi",
    "It costs <s>£2m</s> £1.2m now.": "It costs £1.2m now.",
    "on <del>Monday</del> <ins>Tuesday</ins>": "on Tuesday",
    "at <strike>nine</strike> ten": "at ten",
    "<span style='text-decoration: line-through'>old</span> new": "new",
    "as<cite>The Post</cite> wrote": "as The Post wrote",
    "She said <q>yes</q>, twice.": "She said “yes”, twice.",
    "She said <q>“yes”</q>.": "She said “yes”.",
    "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字</ruby>": "漢字",
    "Donau<wbr>dampf&shy;schiff": "Donaudampfschiff",
    "It ends at <time datetime='2026-03-02T19:00'>7pm</time>.": "It ends at 7pm.",
}


@pytest.mark.parametrize("source", SAID)
def test_markup_is_read_for_what_it_means(source: str) -> None:
    pieces = skip_furniture(read_fragment(source))
    assert [item.text for item in pieces if item.skip_reason is None] == [SAID[source]]


@pytest.mark.parametrize("source", SAID)
def test_no_letter_of_it_is_lost(source: str) -> None:
    got = read_blocks(make_article(source=f"<p>{source}</p>", source_format=SourceFormat.HTML, title=None))
    assert got.lost.characters == 0


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("It costs £4 instead of <s>£5</s>.", "It costs £4 instead of £5."),
        ("Es kostet 4 statt <del>5</del> Euro.", "Es kostet 4 statt 5 Euro."),
        ("Il coûte 4 € au lieu de <s>5 €</s>.", "Il coûte 4 € au lieu de 5 €."),
        ("Cuesta 4 en vez de <strike>5</strike>.", "Cuesta 4 en vez de 5."),
        ("Costa 4 invece di <s>5</s>.", "Costa 4 invece di 5."),
        ("It costs <s>£5</s> £4.", "It costs £4."),
    ],
)
def test_struck_words_are_said_where_their_sentence_needs_them(source: str, said: str) -> None:
    pieces = read_fragment(f"<p>{source}</p>")
    assert [item.text for item in pieces if item.skip_reason is None] == [said]


def test_a_struck_paragraph_says_why_it_is_skipped() -> None:
    pieces = read_fragment("<del><p>It opens on Monday.</p></del><ins><p>It opens on Tuesday.</p></ins>")
    assert [(item.text, item.skip_reason) for item in pieces] == [
        ("It opens on Monday.", "struck out"),
        ("It opens on Tuesday.", None),
    ]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<abbr title='approximately'>approx.</abbr>", "approximately"),
        ("<abbr title='Nummer'>Nr.</abbr>", "Nummer"),
        ("<abbr title='World Health Organization'>WHO</abbr>", None),
        ("<abbr title='see page 4'>approx.</abbr>", None),
        ("<abbr>approx.</abbr>", None),
    ],
)
def test_the_title_of_an_abbreviation_is_said_unless_it_is_spoken_by_its_letters(source: str, said: str | None) -> None:
    (item,) = read_fragment(f"<p>It took {source} nine years.</p>")
    assert [direction.alias for direction in item.directions] == ([said] if said else [])


def test_the_name_below_a_quote_is_a_piece_of_its_own_and_goes_with_the_quote() -> None:
    text = "<p>“Nobody has asked the goat on the roof,” said Holt.</p>"
    again = "<blockquote>Nobody has asked the goat on the roof<cite>Ann Holt</cite></blockquote>"
    new = "<blockquote>Nobody has asked the hen, either<cite>Ann Holt</cite></blockquote>"
    for quote, spoken in ((again, []), (new, ["Nobody has asked the hen, either", "Ann Holt"])):
        pieces = skip_furniture(read_fragment(text + quote))
        assert [item.text for item in pieces[1:] if item.skip_reason is None] == spoken
