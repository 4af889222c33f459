"""The .env file: whether it is readable, and which lines are invalid."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from tts_service.installation.fault import Fault

ENV_FILE = Path(".env")
"""Read from the current folder, as Settings does."""
_OURS = re.compile(r"TTS_\w*", re.IGNORECASE)
_COLON = re.compile(r"\s*(?:export\s+)?TTS_\w+\s*:", re.IGNORECASE)

# It would only log "could not parse statement", twice; here the lines are named.
logging.getLogger("dotenv.main").setLevel(logging.ERROR)


def read_env_file(file: Path) -> tuple[str, Fault | None]:
    """(text, empty if there is no readable file; why it is unreadable)."""
    if not file.is_file():
        return "", None
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return "", Fault(setting=str(file), message=f"line {line} isn't UTF-8: save the file as UTF-8.")
    except OSError as error:
        return "", Fault(setting=str(file), message=f"it can't be read: {error.strerror}.")
    if "\0" in text:
        return "", Fault(setting=str(file), message="it isn't UTF-8 but looks like UTF-16: save the file as UTF-8.")
    return text, None


def bindings(text: str) -> list[Binding]:
    """Every statement of the file, including invalid ones."""
    return list(parse_stream(io.StringIO(text)))


def line_faults(text: str, file: Path) -> Iterator[Fault]:
    """A fault for each line that names a setting without setting it; a warning for each other invalid line."""
    for binding in bindings(text):
        written = binding.original.string.strip()
        if not binding.error and (binding.key is None or binding.value is not None):
            continue
        found = _OURS.search(written if binding.error else binding.key or "")
        line = binding.original.line + len(binding.original.string) - len(binding.original.string.lstrip())
        place = f"line {line} of {file}"
        if found is None:
            if binding.error:
                yield Fault(setting=str(file), message=f"line {line} can't be read: write NAME=value.", refuses=False)
            continue
        name = found.group().upper()
        if _COLON.match(written):
            reason = "has a colon after the name"
        elif not binding.error:
            reason = "gives it no value"
        else:
            reason = "can't be read"
        yield Fault(setting=name, message=f"{place} {reason}: write {name}=… there, on a line of its own.")
