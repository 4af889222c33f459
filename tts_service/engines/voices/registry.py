"""Available engines and voices. Listing loads no model and no speech library, as API processes do it."""

from __future__ import annotations

import copy
import difflib
import os
from collections.abc import Mapping
from functools import cached_property

from tts_service.engines.installed import InstalledEngines
from tts_service.engines.voices.languages import normal_tag
from tts_service.engines.voices.order import VoiceChoice, choose_voice, is_trained
from tts_service.errors import LanguageNotSpoken, VoiceNotFound
from tts_service.settings import Settings
from tts_service.values import Voice

UNLISTED = frozenset({"tone:faulty", "tone:low"})
"""For tests: never listed, and usable by name only if the settings allow it."""
MOST_NAMED = 8
"""Maximum voices named in an error message."""


class Registry:
    """All usable engines and their voices."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._kept: Mapping[str, str] = {}
        self._with_remote = True

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
        known = {voice.id: voice for voice in self._allowed()}
        if voice_id in known:
            return known[voice_id]
        raise VoiceNotFound(self._not_found(voice_id), voice=voice_id[:100])

    def keeping(self, kept: Mapping[str, str]) -> Registry:
        """The same voices for a site that has had other default voices since before an update: id by language."""
        _ = self.engines  # both share what is loaded
        view = copy.copy(self)
        view._kept = kept
        return view

    def local(self) -> Registry:
        """The same voices less the remote ones."""
        _ = self.engines
        view = copy.copy(self)
        view._with_remote = False
        return view

    def choice(self, language: str, chosen: str | None = None) -> VoiceChoice:
        """The voice for a BCP 47 tag, and why; `chosen`: id of the one that is named for it, if any.

        Raises LanguageNotSpoken.
        """
        found = choose_voice(
            language,
            self._allowed(),
            chosen=chosen,
            configured=self.settings.default_voice_en,
            kept=self._kept.get(normal_tag(language).split("-")[0]),
            cores=os.cpu_count() or 1,
        )
        if found is not None:
            return found
        primary = sorted({v.language.split("-")[0] for v in self.voices() if v.engine != "tone"})
        raise LanguageNotSpoken(
            f"No voice speaks {language[:40]!r}. Languages with a voice: {', '.join(primary) or '–'}.",
            language=language[:40],
        )

    def default_voice(self, language: str) -> Voice:
        """The voice for a BCP 47 tag where none is named. Raises LanguageNotSpoken."""
        return self.choice(language).voice

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

    def _allowed(self) -> list[Voice]:
        """All voices that may be named."""
        hidden = frozenset() if self.settings.test_voices else UNLISTED
        return [voice for voice in self._all() if voice.id not in hidden]

    def _all(self) -> list[Voice]:
        found = (voice for engine in self.engines.all() for voice in engine.voices())
        return [voice for voice in found if self._with_remote or not voice.remote]

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
