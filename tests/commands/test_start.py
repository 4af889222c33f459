"""A command loads what it needs, not what all of them need; what an API has loaded is searched for garbage no more."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import uvicorn
from typer.testing import CliRunner

from tts_service.commands import app

COMMANDS = ("tts_service.commands",)
RUN = (*COMMANDS, "tts_service.embedded.run", "tts_service.embedded.welcome")


@pytest.mark.parametrize(
    ("started", "heavy"),
    [
        pytest.param(COMMANDS, ("sqlalchemy", "numpy", "lxml", "httpx", "fastapi", "celery"), id="a command"),
        pytest.param(RUN, ("tts_service.web", "numpy", "av", "c2pa", "lxml", "fastapi", "celery"), id="run"),
    ],
)
def test_what_starts_loads_nothing_heavy_that_it_doesnt_use(started: Sequence[str], heavy: Sequence[str]) -> None:
    probe = f"import sys, {', '.join(started)}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_an_api_searches_for_garbage_but_not_in_what_it_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def run(_: uvicorn.Server, __: object) -> None:
        seen.append((gc.isenabled(), gc.get_freeze_count() > 100_000))

    monkeypatch.setenv("TTS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(uvicorn.Server, "run", run)
    gc.unfreeze()
    CliRunner().invoke(app, ["api"], catch_exceptions=False)
    assert seen == [(True, True)]
