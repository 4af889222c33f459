"""espeak-ng's voices, read from its voice files without loading the library."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tts_service.engines.voices.languages import written


@dataclass(frozen=True, slots=True, kw_only=True)
class EspeakVoice:
    """One voice file."""

    name: str
    """File name in lower case (`en-us`), which espeak-ng uses as the voice's name."""
    language: str
    """BCP 47 tag: the first language in the file."""


@lru_cache(maxsize=4)
def espeak_voices(data_folder: Path) -> tuple[EspeakVoice, ...]:
    """Every voice below `lang/` that has a dictionary, by name: without one, a voice is silent."""
    found = []
    for path in sorted((data_folder / "lang").rglob("*")):
        if path.is_file() and (voice := read_voice(path, data_folder)):
            found.append(voice)
    return tuple(sorted(found, key=lambda voice: voice.name))


def read_voice(path: Path, data_folder: Path) -> EspeakVoice | None:
    """Parses a voice file (espeak-ng docs/voices.md: an attribute and value per line); None without a dictionary."""
    attributes: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        key, _, value = line.strip().partition(" ")
        if value and key not in attributes:
            attributes[key] = value.split()[0]
    language = attributes.get("language")
    if language is None:
        return None
    dictionary = attributes.get("dictionary", language.split("-")[0])
    if not (data_folder / f"{dictionary}_dict").is_file():
        return None
    return EspeakVoice(name=path.name.lower(), language=written(language))
