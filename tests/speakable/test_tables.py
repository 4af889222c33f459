"""Golden tables: what is written, and what a news presenter says.

`tests/data/speakable/LANGUAGE.tsv`: written, a tab, spoken; a line `# money` names the class of those below it.
"""

from __future__ import annotations

import pytest

from tests.parts.places import DATA
from tests.speakable.said import explain, spoken_form
from tts_service.speakable.normalize import rules_for
from tts_service.speakable.rules import listed
from tts_service.speakable.tokens import tokens
from tts_service.values.speech_policy import EmojiPolicy

TABLES = DATA / "speakable"
CLASSES = listed(
    "cardinal decimal percent ordinal fraction range roman date year time duration money measure telephone score "
    "address serial math symbol abbr acronym initials email url handle emoji mixture"
)
"""What English has lines for; other languages have most of them."""


def _table(language: str) -> list[tuple[str, str, str]]:
    """(class, written, spoken) of each line."""
    found, kind = [], ""
    for line in (TABLES / f"{language}.tsv").read_text("utf-8").splitlines():
        if line.startswith("# "):
            kind = line[2:]
        elif line:
            written, spoken = line.split("\t")
            found.append((kind, written, spoken))
    return found


LANGUAGES = sorted(path.stem for path in TABLES.glob("*.tsv"))
WRITTEN = {language: [written for _, written, _ in _table(language)] for language in LANGUAGES}
CLASS_OF_LINES = [
    (language, kind) for language in LANGUAGES for kind in dict.fromkeys(k for k, _, _ in _table(language))
]


@pytest.mark.parametrize(("language", "kind"), CLASS_OF_LINES, ids=[" ".join(pair) for pair in CLASS_OF_LINES])
def test_written_is_spoken_as_the_table_says(language: str, kind: str) -> None:
    lines = [(written, spoken) for of, written, spoken in _table(language) if of == kind]
    said = [(written, spoken_form(written, language)) for written, _ in lines]
    assert said == lines


def test_the_tables_are_large_enough() -> None:
    counts = {language: len(_table(language)) for language in LANGUAGES}
    assert counts["en"] >= 450
    assert counts["de"] >= 300


def test_english_has_lines_of_every_class() -> None:
    assert {kind for kind, _, _ in _table("en")} >= CLASSES


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_said_stays_as_it_is(language: str) -> None:
    """Speaking the spoken form changes nothing: no rule fires on another rule's words."""
    said = [spoken for _, _, spoken in _table(language)]
    changed = [(words, again) for words in said if (again := spoken_form(words, language)) != words]
    assert changed == []


def test_british_english_differs_where_it_does() -> None:
    assert spoken_form("101 km on 3/4/2024, up 5%", "en-GB") == (
        "one hundred and one kilometres on the third of April twenty twenty-four, up five per cent"
    )


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("fr", "12 navires", "douze navires"),
        ("es", "3,5 metros", "tres coma cinco metros"),
        ("hi", "नमस्ते दुनिया", "नमस्ते दुनिया"),
    ],
)
def test_other_languages_get_numbers_and_keep_their_words(language: str, written: str, spoken: str) -> None:
    assert spoken_form(written, language) == spoken


def test_a_rule_that_merges_words_gives_one_token_over_all_of_them() -> None:
    got = explain("It cost $1.5 million, Dr. Holt said.", "en")
    assert [(e.written, e.spoken, e.rule) for e in got] == [
        ("It", "It", None),
        ("cost", "cost", None),
        ("$1.5 million", "one point five million dollars", "money"),
        ("Dr.", "Doctor", "abbreviation"),
        ("Holt", "Holt", None),
        ("said", "said", None),
    ]


@pytest.mark.parametrize(
    ("policy", "written", "spoken"),
    [
        ("named", "Done 👍", ["Done", "thumbs up"]),
        ("named", "👏👏👏", ["clapping hands"]),
        ("named", "👨‍👩‍👧‍👦 here", ["family man woman girl boy", "here"]),
        ("named", "🇫🇷 won", ["France", "won"]),
        ("named", "👍🏽", ["thumbs up medium skin tone"]),
        ("named", "🥇", ["first place medal"]),
        ("dropped", "Done 👍🏽 now", ["Done", "", "now"]),
        ("dropped", "👨‍👩‍👧‍👦", [""]),
    ],
)
def test_emoji_are_one_token_named_or_left_out(policy: EmojiPolicy, written: str, spoken: list[str]) -> None:
    found = tokens(written, 0, len(written), rules_for("en", policy))
    assert [" ".join(token.spoken) for token in found] == spoken
    assert [token.rules for token in found if not token.spoken] == [("emoji",)] * spoken.count("")


@pytest.mark.parametrize(
    ("language", "name"),
    [("de", "daumen hoch"), ("fr", "pouce vers le haut"), ("es", "pulgar hacia arriba"), ("it", "pollice in su")],
)
def test_an_emoji_has_its_name_in_the_language_of_the_text(language: str, name: str) -> None:
    (found,) = tokens("👍", 0, 1, rules_for(language, "named"))
    assert " ".join(found.spoken) == name
