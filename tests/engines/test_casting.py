"""Who speaks what: the voice a block asks for, a voice of the language, or the main voice."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.parts.factories import make_settings
from tts_service.engines.voices.casting import cast_for
from tts_service.engines.voices.registry import Registry
from tts_service.values import DigitalSourceType, Token, Utterance, Voice


def voice(name: str, language: str) -> Voice:
    return Voice(
        engine="pyttsx3",
        name=name,
        language=language,
        sample_rate_hz=22050,
        licence="none",
        digital_source_type=DigitalSourceType.RULES,
    )


ANNA, BERT, CLARA = voice("anna", "en-GB"), voice("bert", "en-US"), voice("clara", "de")


class Few(Registry):
    """A registry of three voices."""

    def _all(self) -> list[Voice]:
        return [ANNA, BERT, CLARA]


@pytest.fixture
def voices(tmp_path: Path) -> Registry:
    return Few(make_settings(tmp_path, default_voice_en=ANNA.id))


def said(language: str, asked: str | None = None, rate: float = 1.0) -> Utterance:
    token = Token(start=0, end=2, spoken=("So",))
    return Utterance(
        block=0, start=0, end=2, tokens=(token,), language=language, pause_after_ms=0, voice=asked, rate=rate
    )


def speaker(voices: Registry, utterance: Utterance, main: Voice = ANNA, language: str = "en") -> str | None:
    """Id of who speaks instead of the main voice, which has to be in the cast."""
    cast, (out,) = cast_for([utterance], voices, main, language)
    other = cast.other(out)
    assert (other.id if other else None) == out.voice
    return out.voice


def test_the_main_voice_speaks_what_asks_for_nothing(voices: Registry) -> None:
    assert speaker(voices, said("en-US")) is None


def test_a_block_gets_the_voice_it_asks_for(voices: Registry) -> None:
    assert speaker(voices, said("en", BERT.id)) == BERT.id


def test_the_voice_follows_the_language(voices: Registry) -> None:
    assert speaker(voices, said("de-AT")) == CLARA.id


def test_a_voice_that_cannot_speak_the_language_is_not_heard(voices: Registry) -> None:
    """An English voice for quotes must not read a German quote."""
    assert speaker(voices, said("de", BERT.id)) == CLARA.id


def test_the_main_voice_keeps_the_articles_language(voices: Registry) -> None:
    """Whoever sends a German article for an English voice gets what was asked for."""
    assert speaker(voices, said("de"), main=ANNA, language="de") is None
    assert speaker(voices, said("en"), main=ANNA, language="de") is None


def test_a_language_without_a_voice_stays_with_the_main_voice(voices: Registry) -> None:
    assert speaker(voices, said("tlh")) is None


def test_asking_for_the_main_voice_is_nothing_special(voices: Registry) -> None:
    assert speaker(voices, said("en", ANNA.id)) is None


def test_a_voice_that_is_gone_is_logged_and_left_to_the_main_voice(
    voices: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        cast, out = cast_for([said("en", "piper:gone"), said("en", "piper:gone")], voices, ANNA, "en")

    assert [utterance.voice for utterance in out] == [None, None]
    assert cast.others == ()
    assert len([record for record in caplog.records if "piper:gone" in record.getMessage()]) == 1


def test_others_are_named_once_in_the_order_they_are_heard(voices: Registry) -> None:
    cast, _ = cast_for([said("de"), said("en", BERT.id), said("de"), said("en")], voices, ANNA, "en")

    assert cast.voices == (ANNA, CLARA, BERT)


@pytest.mark.parametrize(("asked", "kept"), [(0.1, 0.5), (9.0, 2.0), (1.25, 1.25), (1.0000001, 1.0)])
def test_a_rate_stays_within_what_can_be_understood(voices: Registry, asked: float, kept: float) -> None:
    _, (out,) = cast_for([said("en", rate=asked)], voices, ANNA, "en")

    assert out.rate == kept
