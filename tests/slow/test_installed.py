"""Package and command line as a user meets them: a wheel outside the checkout, files spoken without a server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tts_service.audio.decode import decoded_ms

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


def command(*words: str, cwd: Path, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TTS_")}
    environment |= {"PYTHONPATH": str(path)} if path else {}
    run = [sys.executable, "-m", "tts_service.cli", *words]
    return subprocess.run(run, cwd=cwd, env=environment, text=True, capture_output=True, check=False)


def test_the_wheel_works_outside_the_checkout(tmp_path: Path) -> None:
    # uv, since pip takes three times as long to set up the build's environment.
    build = [sys.executable, "-m", "uv", "build", "-q", "--wheel", "-o", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "unpacked")
    probe = (
        "from tts_service.web.app import create_app; from tts_service.settings import Settings; "
        "from tts_service.wiring import build; import tts_service; from pathlib import Path; "
        "create_app(build(Settings(_env_file=None, data_dir=Path('d')))); print(tts_service.__file__)"
    )
    built = subprocess.run(
        [sys.executable, "-c", probe],
        cwd=tmp_path,
        text=True,
        capture_output=True,
        check=False,
        env=dict(os.environ) | {"PYTHONPATH": str(tmp_path / "unpacked")},
    )
    assert built.returncode == 0, built.stderr
    assert str(tmp_path) in built.stdout
    spoken_as_long_as_its_marks_say("pyttsx3:en-us", tmp_path, path=tmp_path / "unpacked")


def test_a_spoken_file_is_as_long_as_its_marks_say(tmp_path: Path) -> None:
    spoken_as_long_as_its_marks_say("piper:en_US-joe-medium", tmp_path)


def spoken_as_long_as_its_marks_say(voice: str, folder: Path, path: Path | None = None) -> None:
    sample = str(ROOT / "samples/articles/library-hours.json")
    done = command("speak", sample, "-o", "a.mp3", "--voice", voice, "--marks", "marks.json", cwd=folder, path=path)

    assert done.returncode == 0, done.stderr
    marks = json.loads((folder / "marks.json").read_text("utf-8"))
    assert abs(decoded_ms(folder / "a.mp3") - marks["end_ms"]) <= 50
    assert marks["sentences"][-1]["end_ms"] <= marks["end_ms"]


def test_a_bad_file_is_one_line_on_stderr(tmp_path: Path) -> None:
    done = command("speak", "missing.txt", "-o", "a.mp3", cwd=tmp_path)

    assert done.returncode == 1
    assert "No such file" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_doctor_uses_each_part(tmp_path: Path) -> None:
    done = command("doctor", cwd=tmp_path)

    assert done.returncode == 1  # no broker runs here
    assert "FAIL  broker" in done.stdout
    assert "ok    voice for English: " in done.stdout
    assert "ok    voice pyttsx3" in done.stdout
    assert "ok    store" in done.stdout
