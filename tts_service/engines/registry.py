"""Available engines and voices. Listing loads no model and no speech library, as API processes do it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cached_property

from tts_service.engines.installed import InstalledEngines
from tts_service.engines.languages import closeness, normal_tag
from tts_service.errors import LanguageNotSpoken, VoiceNotFound
from tts_service.settings import Settings
from tts_service.values import DigitalSourceType, Voice

UNLISTED = frozenset({"tone:faulty", "tone:low"})
"""For tests: never listed, and usable by name only if the settings allow it."""
MOST_NAMED = 8
"""Maximum voices named in an error message."""


class Registry:
    """All usable engines and their voices."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def engines(self) -> InstalledEngines:
        return InstalledEngines(self.settings.voices_folder)

    @property
    def absent(self) -> Mapping[str, str]:
        """Why an engine is unavailable, by its name."""
        self.engines.all()
        return self.engines.absent

    def voices(self) -> tuple[Voice, ...]:
        """All listed voices: trained voices first, test tones last."""
        found = [voice for voice in self._all() if voice.id not in UNLISTED]
        return tuple(sorted(found, key=lambda v: (v.engine == "tone", not is_trained(v), v.id)))

    def find(self, voice_id: str) -> Voice:
        """The voice with this id (`engine:name`). Raises VoiceNotFound, naming similar ids."""
        hidden = frozenset() if self.settings.test_voices else UNLISTED
        known = {voice.id: voice for voice in self._all() if voice.id not in hidden}
        if voice_id in known:
            return known[voice_id]
        raise VoiceNotFound(self._not_found(voice_id), voice=voice_id[:100])

    def default_voice(self, language: str) -> Voice:
        """The voice for a BCP 47 tag: the configured one (English), else the best trained, else rule-based one.

        Raises LanguageNotSpoken.
        """
        tag = normal_tag(language)
        if tag.split("-")[0] == "en":
            for voice in self.voices():
                if voice.id == self.settings.default_voice_en:
                    return voice
        fitting = [v for v in self.voices() if v.engine != "tone" and closeness(tag, v.language) > 0]
        if fitting:
            return min(fitting, key=lambda v: (not is_trained(v), -closeness(tag, v.language), v.name != tag, v.id))
        primary = sorted({v.language.split("-")[0] for v in self.voices() if v.engine != "tone"})
        raise LanguageNotSpoken(
            f"No voice speaks {language[:40]!r}. Languages with a voice: {', '.join(primary) or '–'}.",
            language=language[:40],
        )

    def speaks(self, language: str) -> bool:
        """Whether a voice exists for a BCP 47 tag."""
        try:
            self.default_voice(language)
        except LanguageNotSpoken:
            return False
        return True

    def close(self) -> None:
        """Closes the engines created so far."""
        self.engines.close()

    def _all(self) -> list[Voice]:
        return [voice for engine in self.engines.all() for voice in engine.voices()]

    def _not_found(self, voice_id: str) -> str:
        known = [voice.id for voice in self.voices()]
        close = difflib.get_close_matches(voice_id[:100], known, n=MOST_NAMED, cutoff=0.5)
        named = (close + [name for name in known if name not in close])[:MOST_NAMED]
        more = ", …" if len(known) > len(named) else ""
        message = f"Unknown voice {voice_id[:100]!r}. Voices: {', '.join(named) or '–'}{more}."
        engine = voice_id.partition(":")[0]
        if engine in self.absent:
            message += f" The engine {engine} is not available: {self.absent[engine]}"
        return message


def is_trained(voice: Voice) -> bool:
    return voice.digital_source_type is DigitalSourceType.TRAINED
