"""Word times of engines that tell none, beside those of engines that do."""

from __future__ import annotations

import json

import lxml.html
import numpy as np
import pytest

from tests.parts.places import ROOT
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.models.spread import spread_words
from tts_service.engines.voices.registry import Registry
from tts_service.narration.free_text import prepare_text
from tts_service.settings import Settings
from tts_service.values import Voice

ARTICLES = {"en": "harbour-reopens", "de": "bergbahn-faehrt-wieder"}


def off_ms(engine: EngineChild, voice: Voice) -> tuple[list[float], list[float]]:
    """How far starts are off in an article: spread, and as if all words of a sentence took equally long."""
    language = voice.language[:2]
    article = json.loads((ROOT / "samples" / "articles" / f"{ARTICLES[language]}.json").read_text("utf-8"))
    text = lxml.html.fromstring(article["html"]).text_content()
    spread, evenly = list[float](), list[float]()
    for said in prepare_text(text, Registry(Settings()), voice.id, language=language).utterances:
        sound = engine.speak(said.words, voice)
        exact = [word.start_ms for word in sound.words]
        found = spread_words(sound.pcm, sound.sample_rate_hz, [word.text for word in said.words])
        length_ms = len(sound.pcm) / 2 * 1000 / sound.sample_rate_hz
        spread += [abs(one.start_ms - other) for one, other in zip(found, exact, strict=True)]
        evenly += [abs(length_ms * n / len(exact) - start) for n, start in enumerate(exact)]
    return spread, evenly


@pytest.mark.parametrize(
    "voice_id", ["pyttsx3:en-us", "pyttsx3:de", pytest.param("hibari:heart", marks=pytest.mark.slow)]
)
def test_starts_are_far_nearer_than_if_words_were_spread_evenly(engine: EngineChild, voice_id: str) -> None:
    spread, evenly = off_ms(engine, Registry(Settings()).find(voice_id))
    assert np.median(spread) < min(90, 0.5 * np.median(evenly))
    assert np.percentile(spread, 90) < min(220, 0.5 * np.percentile(evenly, 90))


def test_a_pause_lies_behind_the_word_with_the_mark() -> None:
    rate = 24_000
    tone = (9_000 * np.sin(np.arange(rate) / 20)).astype(np.int16)
    silence = np.zeros(rate // 4, np.int16)
    pcm = np.concatenate([tone, silence, tone[: rate // 2]]).tobytes()
    first, second, third = spread_words(pcm, rate, ["slowly,", "then", "on"])
    assert (first.start_ms, first.end_ms) == (pytest.approx(0), pytest.approx(1_000, abs=20))
    assert second.start_ms == pytest.approx(1_250, abs=20)
    assert third.end_ms == pytest.approx(1_750, abs=20)


@pytest.mark.parametrize("texts", [["Yes."], ["…", "—"], ["a", "…", "b"], ["word"] * 200])
def test_words_stay_in_order_within_the_sound(texts: list[str]) -> None:
    rng = np.random.default_rng(1)
    envelope = np.repeat(rng.integers(0, 2, 60), 480)
    pcm = (envelope * rng.normal(0, 3_000, len(envelope))).astype(np.int16).tobytes()
    for sound in (pcm, bytes(1_000), b""):
        times = spread_words(sound, 24_000, texts)
        length_ms = len(sound) / 48
        assert len(times) == len(texts)
        assert [one.start_ms for one in times] == sorted(one.start_ms for one in times)
        assert all(0 <= one.start_ms <= one.end_ms <= length_ms for one in times)
