"""`tts-service speak` refuses what it can't speak in one line, and leaves no file."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tts_service.cli import main


def refused(*words: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the command ends with: a text is one that Python prints on stderr, and exit code 1."""
    monkeypatch.setattr(sys, "argv", ["tts-service", *words])
    with pytest.raises(SystemExit) as left:
        main()
    assert isinstance(left.value.code, str)
    return left.value.code


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.txt", b" \n", "empty"),
        ("latin.txt", "Stra\xdfe".encode("latin-1"), "UTF-8"),
        ("broken.json", b"{", "not JSON"),
        ("missing.txt", None, "No such file"),
    ],
)
def test_a_bad_file_is_named_in_one_line(
    name: str,
    content: bytes | None,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    if content is not None:
        (tmp_path / name).write_bytes(content)
    told = refused("speak", name, "-o", "a.mp3", monkeypatch=monkeypatch)

    assert says in told
    assert len(told.strip().splitlines()) == 1
    assert capsys.readouterr().err == ""
    assert not (tmp_path / "a.mp3").exists()


def test_an_unknown_voice_names_known_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("Hello there, reader.")
    told = refused("speak", "a.txt", "-o", "a.mp3", "--voice", "piper:nobody", monkeypatch=monkeypatch)
    assert "piper:en_US-joe-medium" in told
