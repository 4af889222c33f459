"""`make hear`: finished files checked by ears of their own, none of which knows our tables.

    python -m tests.measure.hear

Speaks short texts as `tts-service speak` does and looks only at the files: PyAV decodes, pyloudnorm measures loudness,
SciPy the true peak, PocketSphinx aligns the words. Marks spread evenly must fail the test that ours pass, in the same
run. Prints a table and JSON lines; ends with 1 if a check fails.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.measure.hear.align import RATE_HZ, Aligner, Heard, NotAligned
from tests.measure.hear.reading import problems
from tests.measure.hear.sound import Sound, decoded
from tests.measure.hear.texts import TEXTS, HearText
from tests.parts.kokoro_styles import FETCHED
from tts_service.commands.to_file import speak_to_file
from tts_service.engines.voices.registry import Registry
from tts_service.settings import Settings
from tts_service.values import Article, SourceFormat

_LENGTH_MS = 50.0
_TAIL_MS = 100.0
"""The clip's length alone doesn't tell that its last sentence is there."""
_TARGET_LUFS = -16.0
_LOUDNESS_LU = 0.5
_METER_LU = 0.2
"""How far two meters may be apart on the same file."""
_PEAK_DBTP = -1.0
_WORD_MS = 80.0
_ALIGNED = 0.6
"""Of a text's five or six sentences one may get lost, or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    text: str
    what: str
    found: str
    wanted: str
    fine: bool


def main() -> None:
    """Speak, listen, report."""
    argparse.ArgumentParser(description="Check finished files by ears of their own").parse_args()
    console = Console(width=None if sys.stdout.isatty() else 140)
    aligner = Aligner()
    findings: list[Finding] = []
    ours: list[float] = []
    spread: list[float] = []
    with tempfile.TemporaryDirectory(prefix="tts-hear-") as folder:
        for text in TEXTS:
            if lacking := not_installed(text):
                findings.append(lacking)
                continue
            sound, marks = spoken(text, Path(folder))
            findings += [*heard_sound(text, sound, marks), *heard_order(text, marks)]
            if text.aligned:
                heard, finding = aligned(text, aligner, sound, marks)
                ours += off_ms(heard, "marked")
                spread += off_ms(heard, "spread")
                findings += [finding, word_starts(text.name, off_ms(heard, "marked"))]
    findings += [word_starts("all aligned texts", ours), spread_evenly(spread)]
    show(console, findings)
    for finding in findings:
        print(json.dumps(asdict(finding), ensure_ascii=False))
    sys.exit(0 if all(finding.fine for finding in findings) else 1)


def not_installed(text: HearText) -> Finding | None:
    """That a text isn't heard, as the extra for its voice is missing."""
    absent = Registry(Settings(voices_dir=FETCHED)).absent.get(text.voice.partition(":")[0])
    if absent is None:
        return None
    return Finding(text=text.name, what=text.voice, found=f"NOT RUN: {absent}", wanted="–", fine=True)


def spoken(text: HearText, folder: Path) -> tuple[Sound, dict[str, Any]]:
    """The text as a finished file, and its marks."""
    settings = Settings(_env_file=None, data_dir=folder / "data", voices_dir=FETCHED)  # type: ignore[call-arg]
    out, marks = folder / f"{text.name}.{text.form}", folder / f"{text.name}.json"
    article = Article(
        site="hear",
        external_id=text.name,
        title=text.title,
        source=text.body,
        source_format=SourceFormat.TEXT,
        language=text.language,
    )
    speak_to_file(article, out, text.voice, settings, marks=marks)
    return decoded(out), json.loads(marks.read_text("utf-8"))


def heard_sound(text: HearText, sound: Sound, marks: dict[str, Any]) -> list[Finding]:
    """Length, loudness and peak of the file."""
    over_ms = sound.duration_ms - marks["end_ms"]
    tail_ms = sound.last_heard_ms - marks["sentences"][-1]["end_ms"]
    lufs, peak = sound.lufs, sound.true_peak_dbtp
    return [
        Finding(
            text=text.name,
            what="decoded length minus end of the marks",
            found=f"{over_ms:+.0f} ms",
            wanted=f"within {_LENGTH_MS:.0f} ms",
            fine=abs(over_ms) <= _LENGTH_MS,
        ),
        Finding(
            text=text.name,
            what="last sound minus end of the last sentence",
            found=f"{tail_ms:+.0f} ms",
            wanted=f"within {_TAIL_MS:.0f} ms",
            fine=abs(tail_ms) <= _TAIL_MS,
        ),
        Finding(
            text=text.name,
            what="loudness, second meter",
            found=f"{lufs:.2f} LUFS",
            wanted=f"{_TARGET_LUFS:.0f} ± {_LOUDNESS_LU} (meters: ± {_METER_LU})",
            fine=abs(lufs - _TARGET_LUFS) <= _LOUDNESS_LU + _METER_LU,
        ),
        Finding(
            text=text.name,
            what="true peak, second meter",
            found=f"{peak:.2f} dBTP",
            wanted=f"≤ {_PEAK_DBTP:.0f} dBTP",
            fine=peak <= _PEAK_DBTP,
        ),
    ]


def heard_order(text: HearText, marks: dict[str, Any]) -> list[Finding]:
    """What is shown while the clip plays."""
    return [
        Finding(text=text.name, what=what, found=wrong or "so", wanted="so", fine=not wrong)
        for what, wrong in problems(text, marks)
    ]


def aligned(text: HearText, aligner: Aligner, sound: Sound, marks: dict[str, Any]) -> tuple[list[Heard], Finding]:
    """The sentences as PocketSphinx hears them. It now and then loses the end of one: that proves nothing."""
    wave = sound.at(RATE_HZ)
    heard, lost = [], []
    for sentence in marks["sentences"]:
        try:
            heard.append(aligner.heard(wave, sentence))
        except NotAligned as error:
            lost.append(str(error))
    found = f"{len(heard)} of {len(marks['sentences'])} " + "; ".join(lost)
    fine = len(heard) >= _ALIGNED * len(marks["sentences"])
    return heard, Finding(text=text.name, what="sentences aligned", found=found, wanted=f"≥ {_ALIGNED:.0%}", fine=fine)


def off_ms(heard: Sequence[Heard], which: str) -> list[float]:
    """How far each word's start lies from where PocketSphinx hears it."""
    pairs = [pair for one in heard for pair in zip(one.aligned, getattr(one, which), strict=True)]
    return [abs(aligned - marked) for aligned, marked in pairs]


def word_starts(name: str, off: Sequence[float]) -> Finding:
    middle = statistics.median(off)
    tenth = statistics.quantiles(off, n=10)[-1]
    return Finding(
        text=name,
        what="word starts, median from forced alignment",
        found=f"{middle:.0f} ms (90 %: {tenth:.0f} ms; {len(off)} words)",
        wanted=f"≤ {_WORD_MS:.0f} ms",
        fine=middle <= _WORD_MS,
    )


def spread_evenly(off: Sequence[float]) -> Finding:
    """The test must be able to fail: marks that know nothing of the sound don't pass it."""
    middle = statistics.median(off)
    return Finding(
        text="all aligned texts",
        what="marks spread evenly fail the same test",
        found=f"{middle:.0f} ms",
        wanted=f"> {_WORD_MS:.0f} ms",
        fine=middle > _WORD_MS,
    )


def show(console: Console, findings: Sequence[Finding]) -> None:
    table = Table(title="Finished files, heard by others' ears", title_justify="left")
    for heading in ("text", "what", "found", "wanted", ""):
        table.add_column(heading, overflow="fold")
    for finding in findings:
        verdict = "fine" if finding.fine else "[red]FAILS[/red]"
        table.add_row(finding.text, finding.what, finding.found, finding.wanted, verdict)
    console.print(table)


if __name__ == "__main__":
    main()
