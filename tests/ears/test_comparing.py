"""What a recogniser writes in its own way is no difference; what was said otherwise is."""

from __future__ import annotations

import time

import pytest

from tts_service.ears.comparing import difference


@pytest.mark.parametrize(
    ("language", "spoken", "heard"),
    [
        ("en-GB", "The harbour reopens on Monday.", "the harbour re-opens on Monday"),
        ("en-GB", "It starts at three thirty A M.", "It starts at 3.30am."),
        ("en-GB", "They paid forty eight thousand pounds.", "They paid £48,000."),
        ("en-GB", "She has worked there since nineteen ninety eight.", "She has worked there since 1998."),
        ("en-GB", "Nine hundred and twelve people signed.", "912 people signed."),
        ("de-DE", "Der Gemeinderat bewilligte achtundvierzigtausend Euro.", "Der Gemeinde-Rat bewilligte 48.000 Euro."),
        ("de-DE", "Die Nachtbuslinie fährt weiter.", "Die Nachtbus Linie fährt weiter."),
        ("de-DE", "Er wohnt in der großen Straße.", "er wohnt in der grossen Strasse"),
    ],
)
def test_another_spelling_is_no_difference(language: str, spoken: str, heard: str) -> None:
    assert difference(spoken.split(), heard, language).words == 0


@pytest.mark.parametrize(
    ("language", "spoken", "heard", "what"),
    [
        ("en-GB", "It was the bakery that began.", "It was bakery that began.", "the"),
        ("en-GB", "Within a month they signed.", "Within a month month they signed.", ""),
        ("en-GB", "They paid forty eight thousand pounds.", "They paid £58,000.", "forty"),
        ("en-GB", "It leaves on the fourth of January.", "It leaves on 7 January.", "fourth"),
        ("en-GB", "It closed in three days.", "It closed in 2 days.", "three"),
        ("de-DE", "Das kostet achtundvierzigtausend Euro.", "Das kostet 58.000 Euro.", "achtundvierzigtausend"),
    ],
)
def test_a_word_too_few_too_many_or_a_wrong_number_counts_as_a_word(
    language: str, spoken: str, heard: str, what: str
) -> None:
    found = difference(spoken.split(), heard, language)
    assert found.words >= 1
    assert found.expected == what


def test_a_name_in_another_spelling_counts_less_than_a_missing_word() -> None:
    spoken = "The bus from Harkwell to Stenning leaves."
    found = difference(spoken.split(), "The bus from Harquell to Standing leaves.", "en-GB")
    assert 0 < found.words < 0.75


def test_another_ending_of_a_word_counts_less_than_another_word() -> None:
    assert 0 < difference(["Nobody", "seemed", "to", "mind."], "Nobody seem to mind.", "en-GB").words < 0.75


def test_what_is_said_in_another_language_is_many_words_off() -> None:
    spoken = "Angefangen hat die Sammlung in der Backstube."
    assert difference(spoken.split(), "On the funga had these salmon lung indeed backs tube.", "de-DE").words > 3


def test_a_syllable_that_the_recogniser_repeats_takes_no_time() -> None:
    began_s = time.process_time()
    difference(["Le", "pont", "est", "ouvert", "depuis", "lundi", "matin."], f"Il {'et' * 19}z.", "fr")
    assert time.process_time() - began_s < 2


def test_nothing_heard_is_every_word_missing() -> None:
    assert difference(["Nobody", "came."], "", "en").words == 2
