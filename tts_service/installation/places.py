"""Settings that are folders and files: `~` isn't expanded, and what must be there is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tts_service.installation.fault import Fault, variable
from tts_service.settings import Settings

_FILES = ("outbound_ca_file", "signing_cert", "signing_key")
_HOME = "~"


def place_faults(settings: Settings) -> Iterator[Fault]:
    """Every fault of folders and files."""
    for name, written in _written(settings):
        if written.startswith(_HOME):
            yield Fault(setting=variable(name), message=f"~ isn't expanded here: write {_whole(written)}.")
    for name in _FILES:
        path = getattr(settings, name)
        if path is not None and not str(path).startswith(_HOME) and not path.is_file():
            yield Fault(setting=variable(name), message=f"there is no file {path}: write the path of a PEM file.")
    if (settings.signing_cert is None) != (settings.signing_key is None):
        yield Fault(setting="TTS_SIGNING_CERT", message="it belongs together with TTS_SIGNING_KEY: set both, or none.")
    if settings.data_dir.exists() and not settings.data_dir.is_dir():
        yield Fault(setting="TTS_DATA_DIR", message=f"{settings.data_dir} is a file: write the path of a folder.")


def _written(settings: Settings) -> Iterator[tuple[str, str]]:
    """Each path as it was written, also those in addresses."""
    for name in ("data_dir", "voices_dir", *_FILES):
        if (path := getattr(settings, name)) is not None:
            yield name, str(path)
    yield "store_url", settings.store_url.removeprefix("file://").removeprefix("/")
    yield "database_url", settings.database_url.removeprefix("sqlite:///")


def _whole(written: str) -> str:
    try:
        return str(Path(written).expanduser())
    except RuntimeError:
        return "the whole path"
