"""Which voices an audition lets speak."""

from __future__ import annotations

import dataclasses

import pytest

from tts_service.engines.tone import BEEP
from tts_service.engines.voices.registry import Registry
from tts_service.narration.audition import voices_to_audition
from tts_service.settings import Settings
from tts_service.values import DigitalSourceType, Voice


def voice(name: str, language: str, source: DigitalSourceType = DigitalSourceType.RULES) -> Voice:
    return dataclasses.replace(BEEP, engine="made", name=name, language=language, digital_source_type=source)


def test_dialects_of_rule_based_voices_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    offered = [
        voice("trained", "en-gb-x-rp", DigitalSourceType.TRAINED),
        *(voice(tag, tag) for tag in ("en", "en-GB", "en-029", "en-gb-x-rp", "en-us-nyc", "en-shaw", "de")),
    ]
    monkeypatch.setattr(Registry, "voices", lambda self: tuple(offered))
    found = voices_to_audition(Registry(Settings(_env_file=None)), "en-US")
    assert [one.name for one in found] == ["trained", "en", "en-GB", "en-029"]
