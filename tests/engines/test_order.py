"""The order in which a language gets its voice, and the reason that staff are told."""

from __future__ import annotations

from typing import Any

import pytest

from tts_service.engines.voices.order import VoiceReason, choose_voice
from tts_service.values import DigitalSourceType, Voice


def voice(voice_id: str, language: str) -> Voice:
    engine, _, name = voice_id.partition(":")
    return Voice(
        engine=engine,
        name=name,
        language=language,
        sample_rate_hz=22050,
        licence="none",
        digital_source_type=DigitalSourceType.RULES if engine in ("pyttsx3", "pico") else DigitalSourceType.TRAINED,
        cpu_s_per_minute=48.0 if engine == "kokoro" else 1.0,
    )


HEART, JOE = voice("hibari:heart", "en-US"), voice("piper:en_US-joe-medium", "en-US")
ESPEAK = [voice("pyttsx3:de", "de"), voice("pyttsx3:en", "en"), voice("pyttsx3:en-gb", "en-GB")]
ANNA, KOKORO, PICO = voice("piper:anna", "de-DE"), voice("kokoro:sara-siwis", "de"), voice("pico:de", "de-DE")
GERMAN = [*ESPEAK, PICO, KOKORO, ANNA]


def chosen(language: str, installed: list[Voice], **named: Any) -> tuple[str, str]:
    found = choose_voice(language, installed, **named)
    assert found is not None
    return found.voice.id, found.reason


@pytest.mark.parametrize("language", ["en", "en-US", "en-GB", "en_AU"])
@pytest.mark.parametrize("others", [[], [JOE], [JOE, voice("acme:own", "en-US")], [voice("kokoro:emma", "en-GB")]])
def test_english_is_spoken_by_heart(language: str, others: list[Voice]) -> None:
    assert chosen(language, [*ESPEAK, *others, HEART]) == (HEART.id, VoiceReason.TRAINED)


def test_a_trained_voice_of_the_very_variety_comes_before_heart() -> None:
    alba = voice("piper:en_GB-alba", "en-GB")
    assert chosen("en-GB", [*ESPEAK, HEART, alba]) == (alba.id, VoiceReason.TRAINED)
    assert chosen("en", [*ESPEAK, HEART, alba]) == (HEART.id, VoiceReason.TRAINED)


def test_german_goes_down_the_order_as_voices_are_removed() -> None:
    installed, found = list(GERMAN), []
    while (choice := choose_voice("de-AT", installed)) is not None:
        found.append((choice.voice.id, choice.reason))
        installed.remove(choice.voice)
    assert found == [
        (ANNA.id, VoiceReason.TRAINED),
        (KOKORO.id, VoiceReason.COSTLY),
        (PICO.id, VoiceReason.PICO),
        ("pyttsx3:de", VoiceReason.RULES),
    ]


def test_a_costly_voice_speaks_on_a_small_machine_only_if_it_is_named() -> None:
    installed = [*ESPEAK, KOKORO]
    usual, small = choose_voice("de", installed, cores=4), choose_voice("de", installed, cores=3)
    named = choose_voice("de", installed, chosen=KOKORO.id, cores=1)
    assert [one.voice.id for one in (usual, small, named) if one] == [KOKORO.id, "pyttsx3:de", KOKORO.id]


def test_named_voices_come_first_in_their_order() -> None:
    installed, named = [*ESPEAK, HEART, JOE], {"chosen": "pyttsx3:en", "configured": HEART.id, "kept": JOE.id}
    assert chosen("en", installed, **named) == ("pyttsx3:en", VoiceReason.CHOSEN)
    del named["chosen"]
    assert chosen("en", installed, **named) == (HEART.id, VoiceReason.SETTING)
    del named["configured"]
    assert chosen("en", installed, **named) == (JOE.id, VoiceReason.KEPT)


def test_the_operators_voice_is_for_english_only() -> None:
    assert chosen("de", GERMAN, configured=HEART.id) == (ANNA.id, VoiceReason.TRAINED)


@pytest.mark.parametrize(
    ("installed", "speaks"),
    [([*ESPEAK, JOE], (JOE.id, VoiceReason.TRAINED)), (ESPEAK, ("pyttsx3:en", VoiceReason.RULES))],
)
def test_what_isnt_installed_is_named(installed: list[Voice], speaks: tuple[str, VoiceReason]) -> None:
    found = choose_voice("en", installed, configured="piper:gone", kept="piper:old")
    assert found is not None
    assert (found.voice.id, found.reason) == speaks
    assert found.missing == ("piper:gone", "piper:old", HEART.id)


def test_nothing_is_missing_where_the_voice_was_chosen() -> None:
    found = choose_voice("en", ESPEAK, chosen="pyttsx3:en")
    assert found is not None
    assert found.missing == ()


def test_a_language_that_no_voice_speaks_has_none() -> None:
    assert choose_voice("tlh", GERMAN) is None
