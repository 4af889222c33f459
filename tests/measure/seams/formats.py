"""Formats: healthy files that are refused, planted faults that pass, and what an hour costs in three formats.

`rows(files=…)` finishes that many healthy files of every format, engine and length, and plants each fault into clips of
every engine. Alone: `python -m tests.measure.seams.formats 2000`.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from tests.audio.test_sounds import TAGS
from tests.measure.figures import Figure, Rows, exact, show
from tests.parts.clip_faults import FAULTS, planted
from tests.parts.clip_sounds import Sample, Speech, clips, long_clip, speeches
from tts_service.audio.finish import finish_format
from tts_service.audio.order import ClipOrder
from tts_service.errors import ClipDefective
from tts_service.settings import Settings

FORMATS = ("mp3", "m4a", "opus", "wav")
COMPRESSED = ("mp3", "m4a", "opus")
SENTENCES = 40
"""By each voice, among them all the single words."""
FAULTY_CLIPS = 24
"""Clips that each fault is planted into, in each format."""
HOUR_MINUTES = 60.0
LONG_MINUTES = (3.0, 11.0, 22.0, 45.0)
"""Of one clip by each voice, in turn."""


def rows(
    files: int = 400, hour_minutes: float = HOUR_MINUTES, seed: int = 1, at_most_s: float = 1200.0
) -> list[Figure | Rows]:
    """The figures: `files` healthy files, FAULTY_CLIPS × faults × formats broken ones, one long clip.

    The sweep of healthy files ends after `at_most_s` however many there were; the figure says how many.
    """
    spoken = speeches(Settings(_env_file=None, test_voices=True), SENTENCES, seed)  # type: ignore[call-arg]
    return [
        *healthy(spoken, files, seed, at_most_s),
        *healthy_long(spoken, LONG_MINUTES),
        *faults(spoken, FAULTY_CLIPS, seed),
        *long(spoken[min(1, len(spoken) - 1)], hour_minutes),
    ]


def healthy(spoken: Sequence[Speech], files: int, seed: int, at_most_s: float) -> list[Figure | Rows]:
    """Files of every format that are refused although nothing is wrong with them."""
    refused: list[str] = []
    made: Counter[str] = Counter()
    until = time.monotonic() + at_most_s
    for sample in clips(list(spoken), -(-files // len(FORMATS)), seed):
        if time.monotonic() > until:
            break
        for form in FORMATS:
            made[form] += 1
            if reason := refusal(sample, form):
                refused.append(f"{sample.name}, {sample.seconds:.1f} s: {reason}")
    note = "; ".join([f"{len(spoken)} voices; " + ", ".join(f"{made[form]} {form}" for form in FORMATS), *refused[:5]])
    return [count("healthy files refused", len(refused), sum(made.values()), target=0, note=note)]


def healthy_long(spoken: Sequence[Speech], minutes: Sequence[float]) -> list[Figure | Rows]:
    """The same of clips of minutes, which are made in stretches from 20 minutes on."""
    refused: list[str] = []
    for number, speech in enumerate(spoken):
        sample = long_clip(speech, minutes[number % len(minutes)], seed=number)
        for form in FORMATS:
            if reason := refusal(sample, form):
                refused.append(f"{form} of {sample.name}, {sample.seconds / 60:.0f} minutes: {reason}")
    note = "; ".join([f"{len(spoken)} voices; {', '.join(f'{each:g}' for each in minutes)} minutes", *refused[:5]])
    return [count("long healthy files refused", len(refused), len(spoken) * len(FORMATS), target=0, note=note)]


def refusal(sample: Sample, form: str) -> str:
    """Why the clip's file was refused; empty: it wasn't."""
    with tempfile.TemporaryDirectory(prefix="tts-seams-") as folder:
        try:
            finish_format(order_of(sample, (form,)), sample.pcms.__getitem__, Path(folder), form)
        except ClipDefective as error:
            return error.message
    return ""


def faults(spoken: Sequence[Speech], samples: int, seed: int) -> list[Figure | Rows]:
    """Planted faults that nobody noticed."""
    missed: list[str] = []
    tried = 0
    for sample in clips(list(spoken), samples, seed + 1):
        for form in FORMATS:
            for fault in FAULTS:
                tried += 1
                with tempfile.TemporaryDirectory(prefix="tts-seams-") as folder:
                    try:
                        planted(fault, sample, form, Path(folder) / f"audio.{form}")
                    except ClipDefective:
                        continue
                missed.append(f"{fault} in {form} of {sample.name}")
    note = "; ".join([", ".join(FAULTS), *missed[:5]])
    return [count("planted faults that pass", len(missed), tried, target=0, note=note)]


def long(speech: Speech, minutes: float) -> list[Figure | Rows]:
    """CPU of a long clip: each format alone, and all in one order."""
    sample = long_clip(speech, minutes)
    alone = {form: cpu_s(sample, (form,)) for form in COMPRESSED}
    together = cpu_s(sample, COMPRESSED)
    note = f"{sample.seconds / 60:.0f} minutes, {speech.voice.id}: " + ", ".join(
        f"{form} {seconds:.1f} s" for form, seconds in alone.items()
    )
    ratio = together / sum(alone.values())
    return [
        exact(
            name="CPU of three formats beside the sum of each alone",
            value=ratio,
            target=1.3,
            note=f"{note}; together {together:.1f} s",
        ),
        Figure(name="CPU of Opus beside MP3", value=alone["opus"] / alone["mp3"], unit="", low=0, high=0, note=note),
    ]


def cpu_s(sample: Sample, formats: tuple[str, ...]) -> float:
    """CPU seconds of finishing; the seconds of a refused file count as well."""
    began = time.process_time()
    with tempfile.TemporaryDirectory(prefix="tts-seams-") as folder:
        for form in formats:
            finish_format(order_of(sample, formats), sample.pcms.__getitem__, Path(folder), form)
    return time.process_time() - began


def order_of(sample: Sample, formats: tuple[str, ...]) -> ClipOrder:
    return ClipOrder(
        planned=sample.planned, sample_rate_hz=sample.rate_hz, gain_db=sample.gain_db, formats=formats, tags=TAGS
    )


def count(name: str, found: int, of: int, *, target: float, note: str) -> Figure:
    return exact(name=name, value=found, unit=f"of {of}", target=target, sense="=", note=note)


if __name__ == "__main__":
    figures = rows(int(sys.argv[1]) if len(sys.argv) > 1 else 400, at_most_s=3600)
    show(Console(width=140), figures, "formats")
    sys.exit(0 if all(figure.reached is not False for figure in figures if isinstance(figure, Figure)) else 1)
