"""What killed processes leave in the folder for temporary files goes after a day."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from workers.left_folders import OLD_S, remove_left_folders


def test_only_our_old_folders_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("tts-clip-a", "tts-recording-b", "another-program"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()
    made_s = (tmp_path / "tts-clip-a").stat().st_mtime

    assert remove_left_folders(made_s + OLD_S - 60) == 0
    assert remove_left_folders(made_s + OLD_S + 60) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["another-program"]
