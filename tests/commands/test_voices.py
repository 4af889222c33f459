"""`tts-service voices`: what installs or adds a voice is in the audit log."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from tests.parts.factories import make_parts
from tts_service.access.audit import COMMAND_LINE, deeds
from tts_service.commands import app
from tts_service.engines.tone import BEEP
from tts_service.engines.voices import adding, install
from tts_service.engines.voices.receipts import InstallReceipt
from tts_service.parts import Parts

SIWIS = "kokoro:ff_siwis"


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Parts:
    parts = make_parts(tmp_path)
    monkeypatch.setenv("TTS_DATA_DIR", str(parts.settings.data_dir))
    return parts


def noted_by(parts: Parts, *command: str) -> list[tuple[str, str, str]]:
    done = CliRunner().invoke(app, ["voices", *command])
    assert done.exit_code == 0, done.output
    return [(line.who, line.what, line.subject) for line in deeds(parts.database)]


def test_an_installation_has_its_line(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = InstallReceipt(id=SIWIS, source="", installed_at="", sha256={}, gain_db=None, accepted=None)
    monkeypatch.setattr(install, "require_installable", lambda *_, **__: None)
    monkeypatch.setattr(install, "install_voice", lambda *_: receipt)
    assert noted_by(parts, "install", SIWIS) == [(COMMAND_LINE, "voice.installing", SIWIS)]


def test_an_added_voice_has_its_line(parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    added = SimpleNamespace(voice=BEEP, rewriting=SimpleNamespace(done=True, reason=""))
    monkeypatch.setattr(adding, "add_voice", lambda *_, **__: added)
    found = noted_by(parts, "add", str(tmp_path / "a.onnx"), "--licence", "CC0-1.0")
    assert found == [(COMMAND_LINE, "voice.added", BEEP.id)]
