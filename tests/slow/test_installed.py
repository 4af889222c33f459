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

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
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
    text = tmp_path / "note.txt"
    text.write_text("The wheel has everything it needs.\n", "utf-8")
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
    spoke = command(
        "speak", "note.txt", "-o", "note.mp3", "--voice", "pyttsx3:en-us", cwd=tmp_path, path=tmp_path / "unpacked"
    )
    assert spoke.returncode == 0, spoke.stderr
    assert decoded_ms(tmp_path / "note.mp3") > 1000


@pytest.mark.parametrize("voice", ["piper:en_US-joe-medium", "pyttsx3:en-us"])
def test_a_spoken_file_is_as_long_as_its_marks_say(voice: str, tmp_path: Path) -> None:
    sample = str(ROOT / "samples/articles/library-hours.json")
    done = command("speak", sample, "-o", "a.mp3", "--voice", voice, "--marks", "marks.json", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    marks = json.loads((tmp_path / "marks.json").read_text("utf-8"))
    assert abs(decoded_ms(tmp_path / "a.mp3") - marks["end_ms"]) <= 50
    assert marks["sentences"][-1]["end_ms"] <= marks["end_ms"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.txt", b" \n", "empty"),
        ("latin.txt", "Stra\xdfe".encode("latin-1"), "UTF-8"),
        ("broken.json", b"{", "not JSON"),
        ("missing.txt", None, "No such file"),
    ],
)
def test_a_bad_file_is_one_line_on_stderr(name: str, content: bytes | None, says: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = command("speak", name, "-o", "a.mp3", cwd=tmp_path)

    assert done.returncode == 1
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "a.mp3").exists()


def test_an_unknown_voice_names_known_ones(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Hello there, reader.")
    done = command("speak", "a.txt", "-o", "a.mp3", "--voice", "piper:nobody", cwd=tmp_path)

    assert done.returncode == 1
    assert "piper:en_US-joe-medium" in done.stderr


def test_doctor_uses_each_part(tmp_path: Path) -> None:
    done = command("doctor", cwd=tmp_path)

    assert done.returncode == 1  # no broker runs here
    assert "FAIL  broker" in done.stdout
    assert "ok    voice piper" in done.stdout
    assert "ok    store" in done.stdout
