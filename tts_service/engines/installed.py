"""The engines that are installed: those of this package and those that other packages declare as entry points.

An engine is made by `factory(voices_folder)` and loaded when it is first asked for: a child that speaks with one engine
doesn't import the others.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

from tts_service.engines.base import Engine, VoiceFilesMissing

GROUP = "tts_service.engines"
BUILT_IN = {
    "hibari": "tts_service.engines.hibari:HibariEngine",
    "kokoro": "tts_service.engines.kokoro:KokoroEngine",
    "openai": "tts_service.engines.openai:OpenaiEngine",
    "piper": "tts_service.engines.piper:PiperEngine",
    "pyttsx3": "tts_service.engines.espeak:EspeakEngine",
    "tone": "tts_service.engines.tone:ToneEngine",
}
"""Engines that work in a checkout without installation; entry points of the same name take precedence."""


class InstalledEngines:
    """Engine by name, and why one is missing."""

    def __init__(self, voices_folder: Path) -> None:
        self._voices_folder = voices_folder
        self._places = BUILT_IN | {entry.name: entry.value for entry in entry_points(group=GROUP)}
        self._loaded: dict[str, Engine] = {}
        self.absent: dict[str, str] = {}
        """Why an engine can't be loaded, by the names that were asked for."""
        self._awaiting: set[str] = set()
        """Engines that are looked for again each time: their voices' files may be installed meanwhile."""

    def all(self) -> list[Engine]:
        return [engine for name in self._places if (engine := self.engine(name)) is not None]

    def engine(self, name: str) -> Engine | None:
        """The engine with this name; None, with the reason in `absent`, if it is unknown or lacks a package."""
        if name not in self._loaded and (name not in self.absent or name in self._awaiting):
            self._load(name)
        return self._loaded.get(name)

    def awaits_files(self, name: str) -> bool:
        """Whether an engine lacks nothing but its voices' files."""
        return self.engine(name) is None and name in self._awaiting

    def close(self) -> None:
        """Closes the engines loaded so far."""
        for engine in self._loaded.values():
            engine.close()

    def _load(self, name: str) -> None:
        if name not in self._places:
            self.absent[name] = "no such engine"
            return
        module, _, factory = self._places[name].partition(":")
        try:
            self._loaded[name] = getattr(import_module(module), factory)(self._voices_folder)
            self.absent.pop(name, None)
            self._awaiting.discard(name)
        except ImportError as error:
            self.absent[name] = str(error)
            if isinstance(error, VoiceFilesMissing):
                self._awaiting.add(name)
