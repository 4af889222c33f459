"""The voices folder: one folder per added voice with model, configuration and metadata.

    voices/NAME/model.onnx
    voices/NAME/model.onnx.json     Piper's configuration, unmodified
    voices/NAME/voice.json          `VoiceFacts`

Folders are added atomically.
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import asdict, dataclass
from pathlib import Path

logger = logging.getLogger(__name__)

MODEL_FILE = "model.onnx"
CONFIG_FILE = "model.onnx.json"
FACTS_FILE = "voice.json"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
"""Names become folders and parts of voice ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceFacts:
    """Metadata determined when the voice was added."""

    name: str
    language: str
    """BCP 47 tag."""
    sample_rate_hz: int
    licence: str
    gain_db: float
    """Gain towards the loudness target."""
    sha256: str
    """Hex digest of the model file, verified at every load."""
    given_sha256: str = ""
    """Hex digest of the model file that was given, if its decoder was rewritten; empty: it is the same file."""
    credit: str = ""
    """The line that its licence asks for; empty: none."""


def write_facts(folder: Path, facts: VoiceFacts) -> None:
    text = json.dumps(asdict(facts), indent=2, ensure_ascii=False) + "\n"
    (folder / FACTS_FILE).write_text(text, encoding="utf-8")


def read_facts(folder: Path) -> VoiceFacts:
    """Raises OSError, ValueError or TypeError (not a file written by us)."""
    return VoiceFacts(**json.loads((folder / FACTS_FILE).read_text(encoding="utf-8")))


def stored_voices(voices_folder: Path) -> dict[str, Path]:
    """Voice name -> folder, for every completely added voice."""
    if not voices_folder.is_dir():
        return {}
    return {
        path.name: path
        for path in sorted(voices_folder.iterdir())
        if NAME.fullmatch(path.name) and (path / FACTS_FILE).is_file()
    }


def readable_facts(voices_folder: Path) -> dict[str, VoiceFacts]:
    """Voice name -> metadata. Voices with unreadable metadata are logged and left out."""
    found = {}
    for name, folder in stored_voices(voices_folder).items():
        try:
            found[name] = read_facts(folder)
        except (OSError, ValueError, TypeError) as error:
            logger.warning("Voice %s left out: %s can't be read: %s", name, folder / FACTS_FILE, error)
    return found
