"""Rows of what voices cost and how exact their word times are, by the measurements of `make bench` and `make hear`."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.measure.bench.__main__ import measure_all
from tests.measure.bench.processes import tree_peak_mb
from tests.measure.figures import Figure
from tests.measure.hear.__main__ import aligned, off_ms, spoken
from tests.measure.hear.align import Aligner
from tests.measure.hear.texts import TEXTS
from tests.measure.voices.studio import ENGLISH, GERMAN, Studio
from tests.measure.voices.table import VoiceFigure, at_least, at_most, not_measured
from tts_service.engines.child.speak import EngineChild
from tts_service.errors import ServiceError

_MEASURED = {
    "English default: CPU of all processes per audio minute / bare Piper": "1.05",
    "  one article, times real time": "27.8",
    "English default: POST to the first audio byte, warm, idle": "0.29 s",
    "English default: peak memory of a slot": "–",
}
"""What `make bench` measures of the default voice -> what it was before."""
_SENTENCES = 20


def costs(studio: Studio) -> Sequence[VoiceFigure]:
    """CPU, speed, first sound and memory."""
    found, failed = measure_all(["english"], quick=studio.quick)
    figures = {one.name: one for one in found if isinstance(one, Figure)}
    reason = "; ".join(error for _, error in failed) or "make bench doesn't measure it any more"
    rows = [_row(name, before, figures.get(name), reason) for name, before in _MEASURED.items()]
    worker_mb = _worker_mb(figures.get("English default: peak memory of a slot"))
    return [*rows, _kokoro_memory(studio, worker_mb)]


def _row(name: str, before: str, one: Figure | None, reason: str) -> VoiceFigure:
    if one is None or one.target is None:
        return not_measured(name.strip(), before, "–", reason)
    make = at_least if one.sense == "≥" else at_most
    return make(name.strip(), before, one.target, one.value, one.unit, one.note)


def _worker_mb(one: Figure | None) -> float:
    """What the worker takes beside its engine child, from the note of the slot's figure."""
    for part in (one.note if one else "").split(", "):
        if part.startswith("worker "):
            return float(part.split()[1])
    return 0.0


def _kokoro_memory(studio: Studio, worker_mb: float) -> VoiceFigure:
    title = "peak memory of a slot that speaks German with Kokoro"
    try:
        voice = studio.voice(GERMAN)
        with EngineChild(studio.settings) as engine:
            for one in studio.sentences("de-DE")[:_SENTENCES]:
                engine.speak(one.utterance.words, voice)
            assert engine.pid is not None
            peak_mb = sum(tree_peak_mb(engine.pid).values())
    except ServiceError as error:
        return not_measured(title, "–", "≤ 700 MB", error.message)
    if not worker_mb:
        return not_measured(title, "–", "≤ 700 MB", "the worker's own memory wasn't measured")
    return at_most(title, "–", 700, peak_mb + worker_mb, "MB", f"engine {peak_mb:.0f} MB, worker {worker_mb:.0f} MB")


def word_starts(_: Studio) -> Sequence[VoiceFigure]:
    """How far the default voice's word times lie from where forced alignment hears them."""
    aligner, off, spread = Aligner(), list[float](), list[float]()
    with tempfile.TemporaryDirectory(prefix="tts-voices-") as folder:
        for text in TEXTS:
            if text.aligned and text.voice == ENGLISH:
                heard, _ = aligned(text, aligner, *spoken(text, Path(folder)))
                off += off_ms(heard, "marked")
                spread += off_ms(heard, "spread")
    found, even = sorted(off)[len(off) // 2], sorted(spread)[len(spread) // 2]
    note = f"{len(off)} words; spread evenly they are {even:.0f} ms off"
    return [at_most("word starts, English, median", "50 ms", 60, found, "ms", note)]
