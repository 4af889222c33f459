"""Golden tables: what is written, and what a news presenter says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tts_service.speakable.normalize import explain, spoken_form

DATA = Path(__file__).parent / "data" / "speakable"
PAIRS = [
    (path.stem, *line.split("\t"))
    for path in sorted(DATA.glob("*.tsv"))
    for line in path.read_text("utf-8").splitlines()
    if line and not line.startswith("# ")
]


@pytest.mark.parametrize(("language", "written", "spoken"), PAIRS, ids=[f"{p[0]}: {p[1]}" for p in PAIRS])
def test_written_is_spoken_as_the_table_says(language: str, written: str, spoken: str) -> None:
    assert spoken_form(written, language) == spoken


def test_the_tables_are_large_enough() -> None:
    counts = {language: sum(pair[0] == language for pair in PAIRS) for language in ("en", "de")}
    assert counts["en"] >= 150
    assert counts["de"] >= 80


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_was_said_stays_as_it_is(language: str) -> None:
    """Speaking the spoken form changes nothing: no rule fires on another rule's words."""
    said = [pair[2] for pair in PAIRS if pair[0] == language]
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
        ("It", "It", None), ("cost", "cost", None), ("$1.5 million", "one point five million dollars", "money"),
        ("Dr.", "Doctor", "abbreviation"), ("Holt", "Holt", None), ("said", "said", None),
    ]  # fmt: skip
