"""SSML in: what the subset says, and where everything else is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.parts.factories import make_article
from tts_service.article.blocks import read_blocks
from tts_service.article.ssml import read_ssml
from tts_service.db.tables import ArticleRow
from tts_service.errors import InputRefused, MarkupRefused
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.parts import Parts
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Direction, SourceFormat


def said(markup: str, language: str = "en") -> list[tuple[str, str, float, int]]:
    """(what is said, language, speed, pause) of each utterance."""
    article = make_article(
        source=f"<speak>{markup}</speak>", source_format=SourceFormat.SSML, language=language, title=None
    )
    utterances = make_utterances(read_blocks(article).blocks)
    return [(u.spoken_text, u.language, u.rate, u.pause_after_ms) for u in utterances]


def test_paragraphs_become_blocks_with_their_language() -> None:
    read = read_ssml(
        '<?xml version="1.0"?><speak version="1.1" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="de">'
        '<p>Erster  Absatz.</p>\n<p xml:lang="en-GB">Second one.</p> Loose text.</speak>'
    )
    assert read.language == "de"
    assert [(p.text, p.language) for p in read.pieces] == [
        ("Erster Absatz.", "de"),
        ("Second one.", "en-GB"),
        ("Loose text.", "de"),
    ]


def test_directions_know_their_place_in_the_tidied_text() -> None:
    (piece,) = read_ssml(
        "<speak><p> See\n <sub alias='World Wide Web'> WWW </sub>, <phoneme ph='ˈniːs'>Nice</phoneme>"
        " &amp; <prosody rate='slow'>so <lang xml:lang='fr'>on</lang></prosody>.</p></speak>"
    ).pieces
    assert piece.text == "See WWW , Nice & so on."
    found = [(piece.text[d.start : d.end], d.alias or d.ipa or d.language or d.rate) for d in piece.directions]
    assert found == [("WWW", "World Wide Web"), ("Nice", "ˈniːs"), ("so on", 0.75), ("on", "fr")]


@pytest.mark.parametrize(
    ("markup", "spoken"),
    [
        ('<say-as interpret-as="characters">BBC2</say-as>', "B B C two"),
        ('<say-as interpret-as="digits">1984</say-as>', "one nine eight four"),
        ('<say-as interpret-as="cardinal">1984</say-as>', "one thousand nine hundred eighty-four"),
        ('<say-as interpret-as="ordinal">21</say-as>', "twenty-first"),
        ('<say-as interpret-as="date" format="dmy">3/4/2024</say-as>', "April third twenty twenty-four"),
        ('<say-as interpret-as="date" format="mdy">3/4/2024</say-as>', "March fourth twenty twenty-four"),
        ('<say-as interpret-as="date" format="dmy">no date</say-as>', "no date"),
        ('<say-as interpret-as="telephone">555-0123</say-as>', "five five five zero one two three"),
        ('<sub alias="Mister 5">M5</sub> went', "Mister five went"),
        ('so <emphasis level="strong">very</emphasis> good', "so very good"),
    ],
)
def test_what_editors_say_of_a_stretch_is_said(markup: str, spoken: str) -> None:
    assert [words for words, *_ in said(f"<p>{markup}</p>")] == [spoken]


def test_breaks_and_sentences_and_speeds_divide() -> None:
    got = said(
        '<p><s>Dr. No came at 5</s><s>Then he left</s></p><break time="2s"/>'
        '<p>One<break strength="strong"/> two <prosody rate="150%">three</prosody></p>'
    )
    assert [(words, rate) for words, _, rate, _ in got] == [
        ("Doctor No came at five", 1.0),
        ("Then he left", 1.0),
        ("One", 1.0),
        ("two", 1.0),
        ("three", 1.5),
    ]
    assert [pause for *_, pause in got] == [180, 2000, 700, 60, 550]


@pytest.mark.parametrize(
    ("markup", "place", "reason"),
    [
        ("<speak><p>a</p>\n<audio src='x'/></speak>", (2, 1), "<audio> is not supported"),
        ("<speak><p>a", (1, 12), "not well-formed XML"),
        ("<!DOCTYPE speak [<!ENTITY a 'b'>]><speak>&a;</speak>", (1, 17), "a document type"),
        (
            "<speak>\n <p>\n  <prosody pitch='high'>x</prosody></p></speak>",
            (3, 3),
            "must not have the attribute 'pitch'",
        ),
        ("<speak><break time='1h'/></speak>", (1, 8), "is not a valid time"),
        ("<speak><break time='11s'/></speak>", (1, 8), "at most 10 s"),
        ("<speak><break>x</break></speak>", None, "must be empty"),
        ("<speak><sub alias=' '>x</sub></speak>", (1, 8), "needs an alias"),
        ("<speak>Say <sub alias='x'> </sub></speak>", (1, 12), "is empty"),
        ("<speak><phoneme alphabet='x-sampa' ph='a'>x</phoneme></speak>", (1, 8), 'alphabet="ipa"'),
        ("<speak><phoneme ph='[[x]]'>x</phoneme></speak>", (1, 8), "in IPA"),
        ("<speak><say-as interpret-as='expletive'>x</say-as></speak>", (1, 8), "doesn't support 'expletive'"),
        ("<speak><prosody rate='900%'>x</prosody></speak>", (1, 8), "is not valid: use 50%"),
        ("<speak><lang xml:lang='x-klingon'>x</lang></speak>", (1, 8), "not a language tag"),
        ("<speak><p>a<p>b</p></p></speak>", (1, 12), "directly inside <speak>"),
        ("<speak><sub alias='x'>a<s>b</s></sub></speak>", (1, 24), "only text"),
        ("<p>a</p>", (1, 1), "single <speak>"),
        ("<speak xmlns:m='urn:m'><m:p>a</m:p></speak>", (1, 24), "is not supported"),
        ("<speak>" + "<lang xml:lang='en'>" * 50, None, "nested more than"),
        ("<speak><?php x ?></speak>", (1, 8), "processing instruction"),
        ("", (1, 1), "not well-formed XML"),
    ],
)
def test_what_is_outside_the_subset_is_refused_with_its_place(
    markup: str, place: tuple[int, int] | None, reason: str
) -> None:
    with pytest.raises(MarkupRefused) as refused:
        read_ssml(markup)
    assert reason in refused.value.message
    if place:
        assert (refused.value.details["line"], refused.value.details["column"]) == place


def test_entities_never_grow() -> None:
    bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
        f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
    )
    with pytest.raises(MarkupRefused, match="document type"):
        read_ssml(bomb + "]><speak>&j;</speak>")


TEXT = st.text(alphabet="ab .\n\t1&[]é", max_size=12).map(lambda text: text.replace("&", "&amp;"))
ELEMENT = st.sampled_from(
    [
        ("<sub alias='x'>", "</sub>"),
        ("<prosody rate='fast'>", "</prosody>"),
        ("<lang xml:lang='de'>", "</lang>"),
        ("<phoneme ph='a'>", "</phoneme>"),
        ("<emphasis>", "</emphasis>"),
        ("<break/>", ""),
        ("<s>", "</s>"),
    ]
)


@given(st.lists(st.tuples(ELEMENT, TEXT, TEXT), max_size=8))
def test_every_direction_is_in_bounds_and_in_order(parts: list[tuple[tuple[str, str], str, str]]) -> None:
    body = "".join(f"{opens}{'w' + inner if closes else ''}{closes}{after}" for (opens, closes), inner, after in parts)
    for piece in read_ssml(f"<speak>{body}</speak>").pieces:
        assert piece.text == " ".join(piece.text.split())
        place = 0
        for direction in piece.directions:
            assert place <= direction.start <= direction.end <= len(piece.text)
            assert direction.break_ms is not None or piece.text[direction.start : direction.end].strip()
            place = direction.start


def test_a_direction_shows_in_the_block() -> None:
    article = make_article(
        source="<speak>The <sub alias='A'>B</sub></speak>", source_format=SourceFormat.SSML, title=None
    )
    assert read_blocks(article).blocks[0].directions == (Direction(start=4, end=5, alias="A"),)


def test_a_pronunciation_that_no_voice_knows_is_refused_before_anything_is_kept(parts: Parts) -> None:
    said = "<speak xml:lang='en'>The <phoneme ph='{}'>Nice</phoneme> coast.</speak>"
    unknown = make_article(source=said.format("niʘs"), source_format=SourceFormat.SSML, language=None)
    with pytest.raises(InputRefused, match="ʘ"):
        submit(parts, unknown, Wish())
    with parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ArticleRow)) == 0
    known = make_article(source=said.format("ˈniːs"), source_format=SourceFormat.SSML, language=None)
    assert submit(parts, known, Wish()).created
