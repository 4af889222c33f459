"""`tts-service audition`: a clip for each voice and a page with their figures; a voice that fails costs only its own
row."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from tts_service import cli
from tts_service.ears import model_files
from tts_service.ears.listener import Listener
from tts_service.engines.base import Sound
from tts_service.engines.tone import BEEP, LOW
from tts_service.narration import audition as figures
from tts_service.narration.audition import VoiceMeter
from tts_service.provenance.read_back import State, read_disclosure
from tts_service.values import SpokenWord, Voice, WordTime

TEXT = "The ferry left at noon. Nobody on the quay seemed to mind."
GONE = replace(BEEP, name="gone")
WORDS = [SpokenWord(text="noon")]


def held_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page of an audition of two voices, one of which isn't there any more; the exit code says so."""
    monkeypatch.setenv("TTS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(figures, "voices_to_audition", lambda voices, language: (BEEP, GONE))
    article, out = tmp_path / "a.json", tmp_path / "out"
    article.write_text(json.dumps({"text": TEXT, "language": "en", "title": "Ferry <b>& quay</b>"}))
    monkeypatch.setattr("sys.argv", ["tts-service", "audition", str(article), "--out", str(out), "--json"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    return (out / "index.html").read_text("utf-8")


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """The folder of an audition without a recogniser; beside it are the rows that the command printed."""
    monkeypatch.setattr(model_files, "missing", lambda: "not installed here")
    held_in(tmp_path, monkeypatch)
    (tmp_path / "rows.json").write_text(capsys.readouterr().out)
    return tmp_path / "out"


def test_each_voice_has_a_signed_clip_and_a_row(held: Path) -> None:
    spoken, gone = json.loads(held.with_name("rows.json").read_text())
    assert sorted(one.name for one in held.iterdir()) == ["index.html", "tone-beep.mp3"]
    assert read_disclosure(held / "tone-beep.mp3").state is State.UNALTERED
    assert spoken["file"] == "tone-beep.mp3"
    assert 0 < spoken["cpu_s_per_minute"] < 60
    assert -20 < spoken["lufs"] < -5
    assert gone["file"] is None
    assert spoken["cer"] is None
    page = (held / "index.html").read_text("utf-8")
    assert len(re.findall(r"<th scope=\"row\"", page)) == 2
    assert re.findall(r"<audio[^>]* src=\"([^\"]*)\"", page) == ["tone-beep.mp3"]
    assert f"{spoken['lufs']:.1f} LUFS" in page
    assert f"{spoken['cpu_s_per_minute']:.2f}" in page
    assert "Unknown voice 'tone:gone'" in unescape(page)


def test_what_the_recogniser_hears_is_a_figure_of_the_voice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(model_files, "missing", lambda: "")
    monkeypatch.setattr(Listener, "hear", lambda self, segment, language: "")  # of all the letters none was heard
    page = held_in(tmp_path, monkeypatch)
    spoken, gone = json.loads(capsys.readouterr().out)
    assert (spoken["cer"], gone["cer"]) == (1.0, None)
    assert "100.0 %" in page


def test_the_page_needs_nothing_from_elsewhere(held: Path) -> None:
    page = (held / "index.html").read_text("utf-8")
    assert "Ferry &lt;b&gt;&amp; quay&lt;/b&gt;" in page
    assert not re.search(r"(src|href)=\"(?!data:,|tone-beep)", page)
    assert "//" not in page


class Spoke:
    """Says the same second of sound for any voice."""

    def __init__(self, cpu_s: float | None) -> None:
        self.cpu_s = cpu_s

    def speak(self, words: list[SpokenWord], voice: Voice, rate: float = 1.0) -> Sound:
        pcm = b"\x00\x10\x00\xf0" * (voice.sample_rate_hz // 2)
        times = (WordTime(start_ms=0, end_ms=1000),)
        return Sound(pcm=pcm, sample_rate_hz=voice.sample_rate_hz, words=times, cpu_s=self.cpu_s)


def test_only_the_voices_own_sentences_count() -> None:
    meter = VoiceMeter(Spoke(0.25), BEEP)  # type: ignore[arg-type]
    for voice in (BEEP, LOW, BEEP):
        meter.speak(WORDS, voice)
    found = meter.read()
    assert found.seconds == pytest.approx(2, abs=0.001)
    assert found.cpu_s_per_minute == pytest.approx(15, abs=0.01)
    assert found.dbtp > -20


def test_a_cost_that_was_not_measured_is_none() -> None:
    meter = VoiceMeter(Spoke(None), BEEP)  # type: ignore[arg-type]
    meter.speak(WORDS, BEEP)
    assert meter.read().cpu_s_per_minute is None
