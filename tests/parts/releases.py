"""The released versions, and a data folder that each of them left."""

from __future__ import annotations

import re
import sqlite3
import tarfile
from pathlib import Path

from tests.parts.places import ROOT

_DATA = ROOT / "tests" / "data"
_ELSEWHERE = {"0.1.2": _DATA / "of_0_1_2" / "data.tar.xz"}


def released_versions() -> tuple[str, ...]:
    """Every version that CHANGELOG.md names, the oldest first."""
    return tuple(reversed(re.findall(r"^## (\d+\.\d+\.\d+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)))


def unpack_release(version: str, folder: Path) -> None:
    """Unpacks the data folder of a version. Raises FileNotFoundError: none was made (tests/data/releases/make.py)."""
    with tarfile.open(_ELSEWHERE.get(version, _DATA / "releases" / f"{version}.tar.xz")) as archive:
        archive.extractall(folder, filter="data")


def clips_in(folder: Path) -> dict[str, str]:
    """SHA-256 of the MP3 of every clip that can be heard, by clip, as the old version recorded it."""
    database = sqlite3.connect(folder / "tts.sqlite3")
    found = database.execute(
        "SELECT c.id, json_extract(r.renditions, '$[0].sha256') FROM clips c JOIN clip_revisions r "
        "ON r.clip_id = c.id AND r.revision = c.current_revision WHERE c.state = 'ready'"
    )
    clips = dict(found.fetchall())
    database.close()
    return clips
