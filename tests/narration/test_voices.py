"""Segments of a clip with several voices and speeds: what their keys say, and how they fit in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.parts.factories import make_article, make_settings
from tts_service.audio.loudness import Meter
from tts_service.commands.to_file import speak_to_file
from tts_service.engines.child.speak import EngineChild
from tts_service.engines.tone import BEEP, LOW
from tts_service.engines.voices.casting import Cast
from tts_service.narration import key_of, provenance_of, spoken, tags_of
from tts_service.parts import Parts
from tts_service.values import DigitalSourceType, Token, Utterance

SAID = Utterance(
    block=0,
    start=0,
    end=11,
    language="en",
    pause_after_ms=100,
    tokens=(Token(start=0, end=3, spoken=("The",)), Token(start=4, end=10, spoken=("bridge",), after=".")),
)
LONG = replace(
    SAID,
    tokens=tuple(Token(start=i, end=i + 1, spoken=(word,)) for i, word in enumerate(["A", "long", "way", "home"] * 6)),
)
ALONE = Cast(main=BEEP)
BOTH = Cast(main=BEEP, others=(LOW,))


def test_segments_of_the_main_voice_keep_their_keys() -> None:
    """Every segment kept before clips had several voices is still found: this key was made by that version."""
    kept = "6c493d7504e8e6dd11a7beb86e1bd0944a6d386799845a3da9c9067a519faf38"

    assert key_of(SAID, ALONE) == kept
    assert key_of(SAID, BOTH) == kept


def test_whatever_changes_the_sound_changes_the_key() -> None:
    quote = replace(SAID, voice=LOW.id)
    other_rate_hz, other_gain = replace(BEEP, sample_rate_hz=44100), replace(BEEP, gain_db=3.0)
    keys = [
        key_of(SAID, ALONE),
        key_of(replace(SAID, rate=1.25), ALONE),
        key_of(quote, BOTH),
        key_of(replace(quote, rate=1.25), BOTH),
        key_of(quote, Cast(main=other_rate_hz, others=(LOW,))),
        key_of(quote, Cast(main=other_gain, others=(LOW,))),
        key_of(quote, Cast(main=BEEP, others=(replace(LOW, fingerprint="tone-2"),))),
        key_of(SAID, Cast(main=LOW)),
    ]

    assert len(set(keys)) == len(keys)


def lufs(pcm: bytes, rate_hz: int) -> float:
    meter = Meter(rate_hz)
    meter.push(pcm)
    return meter.read()[0]


def test_another_voices_segment_has_the_clips_rate_and_level(parts: Parts, engine: EngineChild) -> None:
    """The low voice beeps 12 dB quieter, at 16 kHz; its gain says so."""
    plain, _ = spoken(LONG, BOTH, parts.segments, engine)
    other, fresh = spoken(replace(LONG, voice=LOW.id), BOTH, parts.segments, engine)

    assert fresh
    assert other.sample_rate_hz == BEEP.sample_rate_hz
    assert other.duration_ms == pytest.approx(plain.duration_ms, abs=2)
    assert lufs(other.pcm, 22050) == pytest.approx(lufs(plain.pcm, 22050), abs=0.3)


def test_its_words_sound_when_their_times_say(parts: Parts, engine: EngineChild) -> None:
    segment, _ = spoken(replace(LONG, voice=LOW.id, rate=0.8), BOTH, parts.segments, engine)
    heard = np.abs(np.frombuffer(segment.pcm, np.int16).astype(float))

    assert segment.words[-1].end_ms <= segment.duration_ms
    for word in segment.words[1:]:  # before each lies a gap of 25 ms
        start = int(word.start_ms * 22.05)
        assert heard[start - 350 : start - 60].max() < 0.05 * heard[start + 200 : start + 600].max()


def test_it_is_found_again_without_being_fitted_again(parts: Parts, engine: EngineChild) -> None:
    first, _ = spoken(replace(SAID, voice=LOW.id), BOTH, parts.segments, engine)
    again, fresh = spoken(replace(SAID, voice=LOW.id), BOTH, parts.segments, engine)

    assert (again, fresh) == (first, False)


def test_a_file_keeps_the_settings_pauses(tmp_path: Path) -> None:
    ends = []
    for paragraph_ms in (200, 1200):
        settings = make_settings(tmp_path, pauses={"paragraph_ms": paragraph_ms})
        marks = tmp_path / "marks.json"
        speak_to_file(make_article(), tmp_path / "clip.mp3", "tone:beep", settings, marks=marks)
        ends.append(json.loads(marks.read_text())["end_ms"])

    assert ends[1] - ends[0] == pytest.approx(2 * 1000, abs=10)  # two paragraphs


def test_a_clip_with_one_trained_voice_says_so_and_names_all() -> None:
    neural = replace(BEEP, engine="piper", name="joe", digital_source_type=DigitalSourceType.TRAINED)
    cast = Cast(main=LOW, others=(neural,))
    facts = provenance_of(cast, site="gazette", text="0")
    tags = tags_of(facts, "en", title="Bridge")

    assert tags.digital_source_type is DigitalSourceType.TRAINED
    assert tags.encoder.endswith(", tone:low, piper:joe")
    assert facts.digital_source_type == DigitalSourceType.TRAINED.uri
    assert [voice.voice for voice in facts.voices] == ["tone:low", "piper:joe"]
    rules = provenance_of(BOTH, site="gazette", text="0")
    assert tags_of(rules, "en").digital_source_type is DigitalSourceType.RULES
