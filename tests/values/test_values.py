"""Values that travel."""

from __future__ import annotations

from tts_service.parts import Parts
from tts_service.values import SpokenWord, Voice, segment_key


def test_the_key_depends_on_what_is_said_by_which_voice(parts: Parts) -> None:
    voice = parts.voices.find("tone:beep")
    words = (SpokenWord(text="one"), SpokenWord(text="two"))
    other = Voice(**{**{f: getattr(voice, f) for f in voice.__slots__}, "fingerprint": "another model"})

    assert segment_key(words, voice) == segment_key(words, voice)
    assert segment_key(words, voice) != segment_key(words, other)
    assert segment_key(words, voice) != segment_key((SpokenWord(text="onet"), SpokenWord(text="wo")), voice)
