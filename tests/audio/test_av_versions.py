"""Sound files are read with every version of PyAV that the constraints name, whatever their tags hold."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path
from typing import Any

import av
import pytest

from tests.parts.places import ROOT
from tts_service.audio.sound_file import open_sound, readable_tags
from tts_service.provenance.read_back import read_disclosure

PINNED = re.findall(r"^av==([\d.]+)", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)
REFUSED = {"18": (), "19": ("metadata_errors", "metadata_encoding", "stream_options")}
"""Arguments that av.open refuses, by major version: as `python3.11` and `python3.13` with the constraints showed."""


def latin_1_tag(path: Path) -> Path:
    """A WAV file whose title isn't UTF-8."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)

    form = struct.pack("<HHIIHH", 1, 1, 16000, 32000, 2, 16)
    info = b"INFO" + chunk(b"INAM", "Müller".encode("latin-1"))
    body = b"WAVE" + chunk(b"fmt ", form) + chunk(b"LIST", info) + chunk(b"data", b"\0\0" * 800)
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


def test_the_installed_version_is_one_that_is_known() -> None:
    assert av.__version__.partition(".")[0] in REFUSED
    assert {version.partition(".")[0] for version in PINNED} <= REFUSED.keys()


@pytest.mark.parametrize("version", PINNED)
def test_no_version_gets_an_argument_that_it_refuses(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(av, "__version__", version)
    monkeypatch.setattr(av, "open", lambda _file, **options: given.update(options))
    open_sound(tmp_path / "a.wav")
    assert not given.keys() & set(REFUSED[version.partition(".")[0]])
    assert given["options"]["protocol_whitelist"] == "file"


def test_tags_that_arent_utf_8_can_be_printed_and_sent(tmp_path: Path) -> None:
    told = read_disclosure(latin_1_tag(tmp_path / "bad.wav"))
    assert told.tags["title"] == "M\ufffdller"
    assert json.dumps(dict(told.tags), ensure_ascii=False).encode()


def test_what_newer_versions_escape_is_replaced() -> None:
    assert readable_tags({"ti\udcfctle": "M\udcfcller – fine"}) == {"ti\ufffdtle": "M\ufffdller – fine"}
