"""The voice that a site chose for a language speaks its articles, unless an article asks for another."""

from __future__ import annotations

import pytest

from tests.parts.factories import make_article
from tts_service.errors import PolicyRefused
from tts_service.narration.prepared import prepare
from tts_service.newsroom.policies import policy_for, set_policy
from tts_service.parts import Parts
from tts_service.values.speech_policy import SpeechPolicy


def main_voice(parts: Parts, policy: SpeechPolicy, voice_id: str | None = None, language: str = "en") -> str:
    return prepare(make_article(language=language), parts.voices, voice_id, policy=policy).cast.main.id


def test_a_sites_voice_speaks_its_language_and_its_varieties(parts: Parts) -> None:
    set_policy(parts.database, parts.voices, "gazette", {"voices": {"en": "tone:low"}})
    policy = policy_for(parts.database, parts.settings, "gazette")
    assert main_voice(parts, policy) == main_voice(parts, policy, language="en-GB") == "tone:low"
    assert main_voice(parts, policy, "tone:beep") == "tone:beep"


def test_the_nearer_tag_wins() -> None:
    policy = SpeechPolicy(voices={"en": "tone:low", "en_GB": "tone:beep"})
    assert [policy.voice_for(tag) for tag in ("en-gb", "en-US", "de")] == ["tone:beep", "tone:low", None]


def test_a_voice_that_was_taken_off_the_machine_is_replaced(parts: Parts) -> None:
    default = parts.voices.default_voice("en").id
    assert main_voice(parts, SpeechPolicy(voices={"en": "piper:gone"})) == default


def test_a_voice_of_another_language_is_refused_with_its_field(parts: Parts) -> None:
    with pytest.raises(PolicyRefused) as refused:
        set_policy(parts.database, parts.voices, "gazette", {"voices": {"de": "tone:low"}})
    assert refused.value.details["errors"][0]["field"] == "voices.de"
