"""French, Spanish and Italian: what their golden tables can't say line by line."""

from __future__ import annotations

import random
import re
from itertools import pairwise

import pytest

from tests.parts.places import DATA
from tests.speakable.said import explain, spoken_form
from tts_service.speakable.language import codes
from tts_service.speakable.normalize import rules_for
from tts_service.speakable.tokens import MAX_WORD, tokens

TABLES = DATA / "speakable"
LANGUAGES = codes()
PAIRS = {
    language: [
        line.split("\t")
        for line in (TABLES / f"{language}.tsv").read_text("utf-8").splitlines()
        if line and not line.startswith("# ")
    ]
    for language in LANGUAGES
}
_UNSAYABLE = re.compile(r"[\d%‰&€$£@§°º²³½¼¾#*=<>/^~+×÷]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_is_large_enough(language: str) -> None:
    assert len(PAIRS[language]) >= 90


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_said_stays_as_it_is(language: str) -> None:
    said = [pair[1] for pair in PAIRS[language]]
    assert [(words, again) for words in said if (again := spoken_form(words, language)) != words] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_that_a_voice_must_guess(language: str) -> None:
    """Parts of golden lines, put together in ways nobody wrote: no digit and no sign comes through."""
    parts = [part for pair in PAIRS[language] for part in pair[0].split()]
    chance = random.Random(7)
    texts = [" ".join(chance.choices(parts, k=5)) for _ in range(300)]
    assert [(text, said) for text in texts if _UNSAYABLE.search(said := spoken_form(text, language))] == []


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("fr-BE", "95 km et 80 €", "nonante-cinq kilomètres et quatre-vingts euros"),
        ("fr-CH", "71 ans en 1980", "septante et un ans en mille neuf cent huitante"),
        ("fr-CA", "12,50 $", "douze dollars cinquante"),
        (
            "es-MX",
            "1,234.5 km y $20.50",
            "mil doscientos treinta y cuatro punto cinco kilómetros y veinte pesos con cincuenta centavos",
        ),
        ("es-AR", "el 1 de mayo, $ 1.500", "el primero de mayo, mil quinientos pesos"),
        ("es-ES", "el 1 de mayo, $ 1.500", "el uno de mayo, mil quinientos dólares"),
    ],
)
def test_countries_count_in_their_own_way(language: str, written: str, spoken: str) -> None:
    assert spoken_form(written, language) == spoken


def test_what_is_glued_to_a_word_stays_with_what_is_said_for_it() -> None:
    got = [(e.written, e.spoken, e.rule) for e in explain("L'ONU verse d'1,5 M€ à l'hôpital, l'art. 3 l'exige.", "fr")]
    assert got == [
        ("L'ONU", "L'Onu", "acronym"),
        ("verse", "verse", None),
        ("d'1,5 M€", "d'un virgule cinq million d'euros", "money"),
        ("à", "à", None),
        ("l'hôpital", "l'hôpital", None),
        ("l'art.", "l'article", "abbreviation"),
        ("3", "trois", "number"),
        ("l'exige", "l'exige", None),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "atom", ["L'", "-5", "1 000 ", "12:", "a.", "M. ", "XIV ", "é", "1/", "1,", "A-", "½", "6-4, "]
)
def test_every_character_of_a_repeated_atom_gets_its_place(language: str, atom: str) -> None:
    """2 kB of what the patterns like least: nothing overflows, no word is longer than a voice survives."""
    text = (atom * 2000)[:2000]
    found = tokens(text, 0, len(text), rules_for(language))
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(len(word) <= MAX_WORD for token in found for word in token.spoken)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("fr", "Il en reste sept. La mer. Un jeu. Nos amis. Mon ex. Me voici."),
        ("fr", "Vie privée, le Mexique, Ce lieu, De loin, Le pré, vers la Loire"),
        ("es", "La vie. El mar. Un no. Dice que no. Al fin."),
        ("es", "La mala hora, para sus hijos, las casas, o nada"),
        ("it", "Il mare. Un no. La via. In fine. Lo spettacolo è bello. Così va."),
        ("it", "I comuni, la vita, mio padre, e così via"),
    ],
)
def test_words_that_look_like_short_forms_stay_words(language: str, written: str) -> None:
    assert [e for e in explain(written, language) if e.rule] == []
