"""What killed processes left in temporary folders goes when a worker starts."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.parts.factories import make_settings
from workers.left_folders import OLD_S, remove_left_folders


def test_old_ones_of_ours_go_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    settings = make_settings(tmp_path)
    left = (
        tmp_path / "tts-clip-abc",
        tmp_path / "tts-recording-abc",
        tmp_path / "tts-speak-abc",
        settings.data_dir / ".signing-abc",
        settings.voices_folder / ".adding-abc",
    )
    kept = (
        tmp_path / "tts-other",
        settings.data_dir / "signing",
        settings.data_dir / "signing-2025",
        settings.voices_folder / "joe",
    )
    for folder in (*left, *kept):
        folder.mkdir(parents=True)
        (folder / "audio.wav").write_bytes(b"x")
    restored = tmp_path / "tts-restore-abc"
    restored.write_bytes(b"x")
    made_s = restored.stat().st_mtime
    assert remove_left_folders(settings, made_s + OLD_S - 60) == 0
    assert remove_left_folders(settings, made_s + OLD_S + 60) == 6
    assert [path for path in (*left, restored) if path.exists()] == []
    assert all(path.exists() for path in kept)
