"""Settings with files and folders: expanded, and existing or creatable."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from tts_service.installation.fault import Fault, fault_of
from tts_service.settings import Settings

_FILES = ("outbound_ca_file", "signing_cert", "signing_key")
_PATHS = ("data_dir", "voices_dir", *_FILES)
_FRONTS = {"store_url": "file://", "database_url": "sqlite:///"}
"""Prefixes of URLs that end in a path."""
_HOME = "~"
_VARIABLE = re.compile(r"^/?(\$\w+|\$\{\w+\})")


def place_faults(settings: Settings) -> Iterator[Fault]:
    """All faults of files and folders."""
    faults = [*_not_expanded(settings), *_addresses(settings)]
    yield from faults
    named = {fault.setting for fault in faults}
    for fault in (*_missing_files(settings), *_not_made(settings)):
        if fault.setting not in named:
            yield fault


def _not_expanded(settings: Settings) -> Iterator[Fault]:
    """`~` and variables, which only a shell would expand."""
    for name, front, path in _written(settings):
        variable = _VARIABLE.match(path)
        begin = path.lstrip("/") if front else path
        if what := variable[1] if variable else _HOME * begin.startswith(_HOME):
            whole = os.path.expandvars(path) if variable else _whole(path.lstrip("/"))
            suggestion = f"{front}{re.sub('^/+', '/', whole)}" if whole.startswith("/") else "the whole path"
            yield fault_of(name, f"{what} isn't expanded here: write {suggestion}")


def _addresses(settings: Settings) -> Iterator[Fault]:
    """Paths written as URLs."""
    for name, front, path in _written(settings):
        if not front and path.startswith("file:"):
            yield fault_of(name, f"it is a URL: write /{unquote(path.removeprefix('file:')).lstrip('/')}")


def _missing_files(settings: Settings) -> Iterator[Fault]:
    for name in _FILES:
        path = getattr(settings, name)
        if path is not None and not path.is_file():
            yield fault_of(name, f"there is no file {path}: write the path of a PEM file")


def _not_made(settings: Settings) -> Iterator[Fault]:
    """Configured folders that neither exist nor can be created."""
    folders: dict[str, Path] = {}
    if "data_dir" in settings.model_fields_set:
        folders["data_dir"] = settings.data_dir
    if settings.store_url.startswith("file:///"):
        folders["store_url"] = Path(settings.store_url.removeprefix("file://"))
    if settings.database_url.startswith("sqlite:///"):
        folders["database_url"] = Path(settings.database_url.removeprefix("sqlite:///")).parent
    for name, folder in folders.items():
        if folder.is_dir():
            continue
        if _exists(folder):
            yield fault_of(name, f"{folder} is a file: write the path of a folder")
        elif reason := _why_not_made(folder):
            yield fault_of(
                name, f"no folder can be created there ({reason}): write the path of one that this user may write to"
            )


def _why_not_made(folder: Path) -> str:
    """Why the folder can't be created; empty if it can. Tries it, as /proc looks writable but isn't."""
    nearest = next(parent for parent in folder.absolute().parents if _exists(parent))
    try:
        with tempfile.TemporaryDirectory(prefix=".tts-", dir=nearest):
            return ""
    except OSError as error:
        return f"{nearest}: {error.strerror}"


def _exists(path: Path) -> bool:
    """Also False below a file, where pathlib may raise."""
    return os.path.exists(path)  # noqa: PTH110


def _written(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """(setting, prefix, path as written) of each path, including those in URLs."""
    for name in _PATHS:
        if (path := getattr(settings, name)) is not None:
            yield name, "", str(path)
    for name, front in _FRONTS.items():
        if (address := getattr(settings, name)).startswith(front):
            yield name, front, address.removeprefix(front)


def _whole(written: str) -> str:
    try:
        return str(Path(written).expanduser())
    except RuntimeError:
        return ""
