"""The .env file: what can't be read in it is named with its line, and nothing ends in a traceback."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.parts.settings_faults import environment
from tts_service.errors import SettingsRefused
from tts_service.installation.check import checked_settings, read_settings


@dataclass(frozen=True, slots=True)
class Refused:
    """A file with one fault."""

    data: bytes
    setting: str
    says: str


REFUSED = {
    "latin-1": Refused("TTS_PORT=8123\nTTS_DATA_DIR=/töne\n".encode("latin-1"), ".env", "line 2 isn't UTF-8: save the"),
    "UTF-16 with a mark": Refused("TTS_PORT=8123\n".encode("utf-16"), ".env", "save the file as UTF-8"),
    "UTF-16 without": Refused(
        "TTS_PORT=8123\n".encode("utf-16-le"), ".env", "looks like UTF-16: save the file as UTF-8"
    ),
    "a colon": Refused(b"# port\n\nTTS_PORT: 8000\n", "TTS_PORT", "line 3 of .env has a colon after the name: write"),
    "an exported colon": Refused(b"export TTS_PORT: 8000", "TTS_PORT", "line 1 of .env has a colon after the name"),
    "no value": Refused(b"TTS_PORT=8123\nTTS_HOST\n", "TTS_HOST", "line 2 of .env gives it no value: write TTS_HOST=…"),
    "another shell": Refused(b"set TTS_PORT=8000\n", "TTS_PORT", "line 1 of .env can't be read: write TTS_PORT=…"),
    "a lone quote": Refused(b"TTS_HOST='127.0.0.1\n", "TTS_HOST", "line 1 of .env can't be read"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cant_be_read_is_refused_with_its_line(name: str, tmp_path: Path) -> None:
    planted = REFUSED[name]
    (tmp_path / ".env").write_bytes(planted.data)
    with environment({}, tmp_path):
        _, faults = read_settings()
        with pytest.raises(SettingsRefused):
            checked_settings()
    assert [(fault.setting, planted.says in fault.message) for fault in faults] == [(planted.setting, True)], faults


def test_a_line_of_somebody_else_is_only_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("OTHER: 1\nEMPTY\nTTS_PORT=8123\n")
    with environment({}, tmp_path):
        settings, odd = checked_settings()
    assert settings.port == 8123
    assert [str(fault) for fault in odd] == [".env: line 1 can't be read: write NAME=value."]


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbfTTS_PORT=8123\r\n", b"TTS_PORT = 8123 # main\n", b"export TTS_PORT='8123'\n"]
)
def test_what_can_be_read_is_read(data: bytes, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(data)
    with environment({}, tmp_path):
        settings, odd = checked_settings()
    assert (settings.port, odd) == (8123, [])


def test_a_folder_of_that_name_is_no_file(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with environment({}, tmp_path):
        assert checked_settings()[1] == []


def test_json_in_the_file_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"TTS_PAUSES='{json.dumps({'paragraph_ms': 600})}'\n")
    with environment({}, tmp_path):
        assert checked_settings()[0].pauses.paragraph_ms == 600
