"""The .env file: whether it can be read, and which of its lines can't."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from tts_service.installation.fault import Fault

ENV_FILE = Path(".env")
"""Read from the folder in which the service is started, as Settings does."""
_OURS = re.compile(r"TTS_\w*", re.IGNORECASE)
_COLON = re.compile(r"\s*(?:export\s+)?TTS_\w+\s*:", re.IGNORECASE)

# It would only say "could not parse statement", twice: the lines are named here.
logging.getLogger("dotenv.main").setLevel(logging.ERROR)


def text_of(file: Path) -> tuple[str, Fault | None]:
    """(the text, empty where there is no file or none can be read; why it can't be read)."""
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
    """Each statement of the file, also those that can't be read."""
    return list(parse_stream(io.StringIO(text)))


def line_faults(text: str, file: Path) -> Iterator[Fault]:
    """A fault for each line that names a setting and sets none; a warning for each other one that can't be read."""
    for binding in bindings(text):
        written = binding.original.string.strip()
        if not binding.error and (binding.key is None or binding.value is not None):
            continue
        found = _OURS.search(written if binding.error else binding.key or "")
        line = binding.original.line + len(binding.original.string) - len(binding.original.string.lstrip())
        where = f"line {line} of {file}"
        if found is None:
            if binding.error:
                yield Fault(setting=str(file), message=f"line {line} can't be read: write NAME=value.", refuses=False)
            continue
        name = found.group().upper()
        if _COLON.match(written):
            reason = "has a colon behind the name"
        elif not binding.error:
            reason = "gives it no value"
        else:
            reason = "can't be read"
        yield Fault(setting=name, message=f"{where} {reason}: write {name}=… there, on a line of its own.")
