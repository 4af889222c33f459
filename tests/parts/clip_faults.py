"""Faults planted into clips before they are encoded: each is one that a listener notices, none may pass the check."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.audio.test_sounds import TAGS
from tests.parts.clip_sounds import Sample
from tts_service.audio.assemble import joined
from tts_service.audio.check import Checked, Limits, check_clip
from tts_service.audio.container import Labels, encode_clip
from tts_service.audio.gates import GATES
from tts_service.audio.loudness import level
from tts_service.values import SAMPLE_WIDTH

Floats = np.ndarray[tuple[int], np.dtype[np.float32]]
SHIFT_MS = 30
NOISE = 0.02
"""Standard deviation of the noise, full scale 1: -34 dBFS."""


def missing(wave: Floats, start: int, end: int) -> Floats:
    """An utterance is silent."""
    return np.concatenate((wave[:start], np.zeros(end - start, np.float32), wave[end:]))


def left_out(wave: Floats, start: int, end: int) -> Floats:
    """An utterance is cut out, what follows comes early."""
    return np.concatenate((wave[:start], wave[end:]))


def doubled(wave: Floats, start: int, end: int) -> Floats:
    """An utterance is said twice."""
    return np.concatenate((wave[:end], wave[start:end], wave[end:]))


def shifted(wave: Floats, start: int, end: int, rate_hz: int) -> Floats:
    """An utterance comes late."""
    late = np.zeros(rate_hz * SHIFT_MS // 1000, np.float32)
    return np.concatenate((wave[:start], late, wave[start : end - len(late)], wave[end:]))


def clipped(wave: Floats) -> Floats:
    """Turned up by 12 dB and cut off at full scale."""
    return np.clip(wave * 4, -1, 1)


def clipped_and_turned_down(wave: Floats, start: int, end: int) -> Floats:
    """An utterance is cut off at a tenth of its peak, and as loud as before: no meter of levels notices."""
    said = wave[start:end]
    cut = np.clip(said, -0.1 * np.abs(said).max(), 0.1 * np.abs(said).max())
    cut = cut * np.float32(np.sqrt(np.mean(said**2) / max(1e-12, np.mean(cut**2))))
    return np.concatenate((wave[:start], np.clip(cut, -0.85, 0.85), wave[end:]))


def noisy(wave: Floats) -> Floats:
    """White noise over all of it."""
    noise = np.random.default_rng(1).standard_normal(len(wave)).astype(np.float32)
    return np.clip(wave + NOISE * noise, -1, 1)


def silent_half(wave: Floats, end: int) -> Floats:
    """Silent from the middle of the last utterance on."""
    return np.concatenate((wave[:end], np.zeros(len(wave) - end, np.float32)))


FAULTS = (
    "missing",
    "left out",
    "doubled",
    "shifted",
    "clipped",
    "clipped and turned down",
    "noisy",
    "silent half",
    "half a file",
)


def planted(fault: str, sample: Sample, form: str, path: Path) -> Checked:
    """Check a file with this fault. Raises ClipDefective as it should."""
    rate_hz, gate = sample.rate_hz, GATES[form]
    sounds = [level(pcm, sample.gain_db, -1 - gate.headroom_db, rate_hz) for pcm in sample.pcms]
    parts = [(sound, place.pause) for sound, place in zip(sounds, sample.planned, strict=True)]
    pcm = b"".join(joined(parts, rate_hz, sample.planned[0].start))
    place = sample.planned[len(sample.planned) // 2]
    last = sample.planned[-1]
    start, end = place.start, place.start + place.samples
    spoilt: dict[str, Callable[[Floats], Floats]] = {
        "missing": lambda wave: missing(wave, start, end),
        "left out": lambda wave: left_out(wave, start, end),
        "doubled": lambda wave: doubled(wave, start, end),
        "shifted": lambda wave: shifted(wave, start, end, rate_hz),
        "clipped": clipped,
        "clipped and turned down": lambda wave: clipped_and_turned_down(wave, start, end),
        "noisy": noisy,
        "silent half": lambda wave: silent_half(wave, last.start + last.samples // 2),
        "half a file": lambda wave: wave,
    }
    wave = spoilt[fault](np.frombuffer(pcm, np.int16).astype(np.float32) / 32768)
    data = np.clip(np.rint(wave * 32768), -32768, 32767).astype(np.int16).tobytes()
    pieces = (data[at : at + rate_hz * SAMPLE_WIDTH] for at in range(0, len(data), rate_hz * SAMPLE_WIDTH))
    encode_clip(pieces, rate_hz, path, form, Labels(tags=TAGS))
    if fault == "half a file":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    # Any loudness: the fault itself has to be found.
    return check_clip(path, sample.planned, sounds.__getitem__, rate_hz, Limits(gate=gate, loudness_lu=100))
