"""Languages are found by their folders, loaded when they are needed, and varied by country."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.speakable.said import spoken_form
from tts_service.speakable.language import ANNOUNCED, codes, language_of, languages
from tts_service.speakable.sentences import sentences


def test_every_folder_with_a_code_is_a_language_and_the_shared_one_is_none() -> None:
    assert {"de", "en", "es", "fr"} <= set(codes())
    assert "romance" not in codes()


@pytest.mark.parametrize("code", codes())
def test_a_language_brings_all_that_is_said_around_an_article(code: str) -> None:
    own = language_of(code)
    assert own.notice
    assert own.disclosure
    assert set(own.announcements) == set(ANNOUNCED)


def test_an_english_text_loads_the_rules_of_no_other_language() -> None:
    program = (
        "import sys; from tts_service.speakable.normalize import rules_for; rules_for('en-GB');"
        "print(*[name for name in sys.modules if name.startswith('tts_service.speakable.') and name.count('.') > 2])"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "tts_service.speakable.en.rules" in loaded
    assert {name.split(".")[2] for name in loaded} == {"en"}


@pytest.mark.parametrize(
    ("tag", "traits"),
    [
        ("en", set()),
        ("en-CA", set()),
        ("en-GB", {"british", "and"}),
        ("en-ZA", {"british"}),
        ("es-ES", set()),
        ("es-MX", {"primero", "point", "pesos"}),
        ("es-BO", {"primero"}),
        ("de-CH", {"swiss"}),
    ],
)
def test_a_country_has_its_own_traits(tag: str, traits: set[str]) -> None:
    assert language_of(tag).traits == traits


def test_a_language_without_a_folder_has_numbers_and_says_no_notice_of_its_own() -> None:
    assert spoken_form("3,5 km", "nl") == "drie komma vijf km"
    assert language_of("nl").notice == ""
    assert [language.tag for language in languages()] == list(codes())


def test_dots_of_languages_without_a_folder_make_ordinals_where_they_do() -> None:
    text = "Den 20. december kom han."
    assert len(sentences(text, "da")) == 1
    assert len(sentences("Il 20. Poi partì.", "xx")) == 2
