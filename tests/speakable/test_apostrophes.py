"""Whatever sign stands for an apostrophe, the same words are said."""

from __future__ import annotations

import pytest

from tts_service.speakable.apostrophes import with_apostrophes
from tts_service.speakable.lexeme import Lexeme
from tts_service.speakable.lexicon import Lexicon
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Block, BlockKind

SIGNS = ("ʼ", "`", "´", "＇", "‘", "'")


def said(text: str, language: str, lexicon: Lexicon | None = None) -> list[str]:
    block = Block(kind=BlockKind.PARAGRAPH, text=text, language=language)
    return [one.spoken_text for one in make_utterances([block], **({"lexicon": lexicon} if lexicon else {}))]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Dr. Holt’s plan doesn’t cost $3M; it’s the U.S.’s own.", "en"),
        ("The ’80s and 1990’s bands stayed at O’Brien’s.", "en"),
        ("L’avion d’Air France a coûté 12 M€ aujourd’hui.", "fr"),
        ("Wie geht’s, fragte Grimm’s Tochter um 9.30 Uhr.", "de"),
    ],
)
def test_any_sign_is_read_as_the_typographic_one(sign: str, text: str, language: str) -> None:
    words = [one.replace("'", "’") for one in said(text.replace("’", sign), language)]
    assert words == [one.replace("'", "’") for one in said(text, language)]


@pytest.mark.parametrize("text", ["`code` and ´quoted´ words", "‘So it is’, she said", "a ` b", "5` 30´´", "ʼ", ""])
def test_quotes_and_lone_signs_stay(text: str) -> None:
    assert with_apostrophes(text) == text


def test_places_in_the_text_stay_the_same() -> None:
    text = "It`s O´Brienʼs, isn＇t it?"
    assert len(with_apostrophes(text)) == len(text)
    (one,) = make_utterances([Block(kind=BlockKind.PARAGRAPH, text=text, language="en")])
    assert [text[token.start : token.end] for token in one.tokens if token.spoken] == [
        "It`s",
        "O´Brienʼs",
        "isn＇t",
        "it",
    ]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_lexeme_is_found_whichever_sign_it_or_the_text_has(sign: str) -> None:
    lexicon = Lexicon([Lexeme(graphemes=(f"O{sign}Neill",), language="en", alias="Oh Kneel")])
    for other in SIGNS:
        assert said(f"We met O{other}Neill there.", "en", lexicon) == ["We met Oh Kneel there."]


def test_at_a_words_edge_the_modifier_letter_is_an_apostrophe() -> None:
    for text in ("rock ’n’ roll", "The dogs’ bowls.", "’tis the season", "get ’em", "James’."):
        assert with_apostrophes(text.replace("’", "ʼ")) == text
        assert said(text.replace("’", "ʼ"), "en") == said(text, "en")
    assert with_apostrophes("ʼʼ ʼ") == "ʼʼ ʼ"


@pytest.mark.parametrize("sign", SIGNS)
def test_a_lexeme_with_a_sign_at_its_edge_is_found_whichever_sign_it_is(sign: str) -> None:
    entries = (("rock ’n’ roll", "rokenroll"), ("’tis", "tizz"), ("dogs’", "dogz"))
    lexicon = Lexicon(
        Lexeme(graphemes=(written.replace("’", sign),), language="en", alias=alias) for written, alias in entries
    )
    for other in (*SIGNS, "’"):
        text = "We like rock ’n’ roll, ’tis good, the dogs’ bowls.".replace("’", other)
        assert said(text, "en", lexicon) == ["We like rokenroll, tizz good, the dogz bowls."]
