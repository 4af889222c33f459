"""Measurements that take minutes and write files say what they are when asked, and do nothing."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
COMMANDS = sorted(
    [f"{path.parent.name}.__main__" for path in FOLDER.glob("*/__main__.py")]
    + [path.stem for path in FOLDER.glob("*.py") if '\nif __name__ == "__main__":' in path.read_text("utf-8")]
)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_prints_the_usage_and_nothing_else_happens(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = import_module(f"tests.measure.{command}")
    monkeypatch.setattr("sys.argv", [command, "--help"])
    with pytest.raises(SystemExit) as ended:
        module.main()
    assert (ended.value.code, capsys.readouterr().out[:6]) == (0, "usage:")
