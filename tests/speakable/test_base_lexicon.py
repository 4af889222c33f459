"""The base lexicon: each entry changes what is said and can be said by every voice, and ordinary words stay.

`tests/data/names/LANGUAGE.tsv`: written, a tab, spoken with pronunciations between slashes; `LANGUAGE.txt`: lines of
ordinary words that are also names ("Bild", "Union", "palace").
"""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.parts.places import DATA
from tts_service.engines.espeak import ipa_of
from tts_service.engines.hibari import hibari_alphabet
from tts_service.engines.pronunciation.ipa import Alphabet, cleaned, espeak_alphabet
from tts_service.speakable.base_lexicon import RULE, base_lexicon, base_readings
from tts_service.speakable.changes import said_words
from tts_service.speakable.explain import explain
from tts_service.speakable.language import codes
from tts_service.speakable.lexeme import Lexeme, tidied
from tts_service.speakable.lexicon import Lexicon
from tts_service.speakable.normalize import rules_for
from tts_service.speakable.sentences import sentences
from tts_service.speakable.tables import rows
from tts_service.speakable.tokens import tokens
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Block, BlockKind, Direction

NAMES = DATA / "names"
VOICES = {"en": ("en-us", "en")}
"""espeak-ng's voices of a language, the one that most listeners hear first; others have the language's name."""
LEAST = {"de": 400, "en": 400, "fr": 60, "es": 60, "it": 60}
FRAME = {"en": "{} said"}
"""A sentence in which a name is heard: English voices take the "A" of "C I A said" for the article."""
UNHEARD = {
    "de": ("r=ɾ",),
    "en": ("ʔn̩=tən", "ɾ=t", "ᵻ=ɪ", "ɐ=ə", "ʌ=ə", "ɚ=əɹ", "ɔ=a", "ɹɹ=ɹ", "iə=ɪə"),
    "fr": ("ˈ=", "ʁʁ=ʁ"),
    "es": ("r=ɾ", "ð=d", "β=b", "ɣ=ɡ", "ŋ=n", "ɛ=e"),
    "it": ("r=ɾ", "ʊ=u", "ɪ=i", "j=i", "ŋ=n", "ɔ=o", "ɛ=e"),
}
"""Differences of notation, or so slight that no listener would ask for them; length and secondary stress in all."""


def paragraph(text: str, language: str, *directions: Direction) -> Block:
    return Block(kind=BlockKind.PARAGRAPH, text=text, language=language, directions=directions)


def said(text: str, language: str, *lexemes: Lexeme) -> str:
    return said_words(make_utterances([paragraph(text, language)], lexicon=Lexicon(lexemes)))


def lines(language: str, ending: str) -> list[str]:
    return (NAMES / f"{language}.{ending}").read_text("utf-8").splitlines()


def said_by_rules(text: str, language: str) -> str:
    rules = rules_for(language)
    spans = sentences(text, language)
    return " ".join(word for start, end in spans for token in tokens(text, start, end, rules) for word in token.spoken)


def own_sounds(voice: str) -> Alphabet:
    """The sounds that Piper's voices were trained on as well."""
    found = espeak_alphabet(voice)
    assert found is not None
    return found.in_notation(lambda sound: sound)


def heard(ipa: str, voice: str) -> str:
    """A pronunciation in the form in which two are compared."""
    alphabet = espeak_alphabet(voice)
    assert alphabet is not None
    plain = "".join(alphabet.read(re.sub(r"\([a-z-]+\)", "", ipa)).sounds).replace("ˌ", "").replace(" ", "")
    plain = plain.replace("ː", "").replace("ɑ", "a")
    for one, other in (pair.split("=") for pair in UNHEARD[voice.split("-")[0]]):
        plain = plain.replace(one, other)
    return re.sub(r"(.)\1", r"\1", plain) if voice == "it" else plain


def voices(language: str) -> tuple[str, ...]:
    return VOICES.get(language, (language,))


@pytest.mark.parametrize("language", codes())
def test_each_entry_changes_what_is_heard(language: str) -> None:
    voice, frame, idle = voices(language)[0], FRAME.get(language, "{}"), []
    rest = ipa_of(frame.format(""), voice)
    for spellings, pronunciation, _ in rows(language, "names"):
        ipa = pronunciation.strip("/") if pronunciation[0] == "/" else None
        new = f"{ipa} {rest}" if ipa else ipa_of(frame.format(said_by_rules(pronunciation, language)), voice)
        for spelling in spellings.split(", "):
            without = ipa_of(frame.format(said_by_rules(spelling, language)), voice)
            if heard(without, voice) == heard(new, voice):
                idle.append((spelling, without))
    assert idle == []


@pytest.mark.parametrize("language", codes())
def test_each_pronunciation_can_be_said_by_every_voice(language: str) -> None:
    alphabets = {voice: own_sounds(voice) for voice in voices(language)}
    if language == "en":
        alphabets["hibari"] = hibari_alphabet()
    unknown = [
        (voice, lexeme.graphemes, read.unknown or cleaned(lexeme.ipa))
        for lexeme in base_lexicon(language).lexemes
        if lexeme.ipa
        for voice, alphabet in alphabets.items()
        if (read := alphabet.read(lexeme.ipa)).unknown or not read.sounds
    ]
    assert unknown == []


@pytest.mark.parametrize("language", codes())
def test_the_table_is_in_order(language: str) -> None:
    found = list(rows(language, "names"))
    assert len(found) >= LEAST.get(language, 0)
    spelt = Counter(spelling for spellings, _, _ in found for spelling in spellings.split(", "))
    assert [spelling for spelling, count in spelt.items() if count > 1] == []
    assert [row for row in found if not row[2]] == [], "each names its source"
    assert [lexeme for lexeme in base_lexicon(language).lexemes if tidied(lexeme) != lexeme] == []


@pytest.mark.parametrize("language", codes())
def test_names_are_said_as_the_table_says(language: str) -> None:
    pairs = [tuple(line.split("\t")) for line in lines(language, "tsv")]
    assert [(written, said(written, language)) for written, _ in pairs] == pairs


@pytest.mark.parametrize("language", ["de", "en"])
def test_ordinary_words_stay(language: str) -> None:
    ordinary = lines(language, "txt")
    assert len(ordinary) >= 40
    assert [line for line in ordinary if base_readings(line, language)] == []


def test_the_newsrooms_lexicon_stands_above() -> None:
    text = "Real Madrid und Macron"
    assert said(text, "de") == "/ʁeˈɑːl/ /maˈdʁɪt/ und /maˈkʁɔŋ/"
    own = (
        Lexeme(graphemes=("Macron",), language="de", alias="Makrong"),
        Lexeme(graphemes=("Madrid",), language="de", alias="Madritt"),
    )
    assert said(text, "de", *own) == "/ʁeˈɑːl/ Madritt und Makrong"


def test_an_entry_of_the_newsroom_wins_where_it_overlaps() -> None:
    own = Lexeme(graphemes=("Utd drew",), language="en", alias="Utah drew")
    assert said("Man Utd drew", "en") == "Man United drew"
    assert said("Man Utd drew", "en", own) == "Man Utah drew"


def test_editors_stand_above() -> None:
    made = make_utterances([paragraph("Macron kam", "de", Direction(start=0, end=6, alias="Makro"))])
    assert said_words(made) == "Makro kam"


def test_explain_tells_that_the_base_lexicon_answered() -> None:
    assert [(one.written, one.ipa, one.rule) for one in explain("Macron kam", "de")] == [
        ("Macron", "maˈkʁɔŋ", RULE),
        ("kam", None, None),
    ]


def test_each_word_of_a_name_keeps_its_place() -> None:
    found = [(one.written, one.ipa) for one in explain("the de Gaulle years", "en")]
    assert found == [("the", None), ("de", "ˌdə"), ("Gaulle", "ˈɡoʊl"), ("years", None)]


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("de", "Macrons Rede", "/maˈkʁɔŋs/ Rede"),
        ("de", "Lagarde’s Rede", "/laˈɡaʁds/ Rede"),
        ("de", "das MACRONS", "das MACRONS"),
        ("en", "Zverev’s and Szymański’s", "/ˈzvɛɹɛfs/ and /ʃɪˈmænskiz/"),
        ("fr", "d’Auxerre", "/doˈsɛʁ/"),
        ("it", "l’FBI", "/lˈɛffe bi ˈaɪ/"),
    ],
)
def test_what_clings_to_a_name_is_said_with_it(language: str, written: str, spoken: str) -> None:
    assert said(written, language) == spoken


@pytest.mark.parametrize("tag", ["de-AT", "de-CH", "en-GB", "fr-CA", "es-MX"])
def test_a_variety_has_the_names_of_its_language(tag: str) -> None:
    assert base_readings("Djokovic", tag)


def test_a_language_without_a_folder_has_none() -> None:
    assert base_readings("Djokovic", "nl") == []


def test_rules_see_the_name_behind_them() -> None:
    """An initial is one only before a name."""
    assert said("John F. Kennedy", "de") == "John F /ˈkɛnədi/"
    assert said("J. M. Coelho", "en") == "J M /koʊˈɛljoʊ/"


def test_a_table_is_read_once() -> None:
    assert base_lexicon("de") is base_lexicon("de")
