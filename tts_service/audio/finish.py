"""Segments to finished files: joined, levelled, encoded, tagged, decoded again and checked; all of it streamed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tts_service.audio.assemble import joined
from tts_service.audio.check import Checked, Expected, check_clip
from tts_service.audio.encode import FORMATS, encode_clip
from tts_service.audio.loudness import SILENT_LUFS, Meter, floats, level
from tts_service.errors import ClipDefective
from tts_service.values import Chapter, ClipTags, PlannedUtterance, Rendition

HEADROOM_DB = 1.5
"""Encoders overshoot: peaks are held so far below the ceiling before encoding."""
_CLOSE_LU = 0.3
"""Loudness this near to the target is left alone; the promise is 0.5."""
_TOLERANCE_LU = 0.5
_ROUNDS = 4
_SLOPE = 1.3
"""A limiter eats part of each further dB: corrections are a little larger than what is missing."""
_WIDEST_GAIN_DB = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipOrder:
    """What is to be made."""

    planned: tuple[PlannedUtterance, ...]
    sample_rate_hz: int
    gain_db: float
    """First guess, from the voice's calibration."""
    formats: tuple[str, ...]
    tags: ClipTags
    chapters: tuple[Chapter, ...]
    target_lufs: float
    ceiling_dbtp: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What was made; the figures are the first format's, measured in the decoded file."""

    renditions: tuple[Rendition, ...]
    paths: tuple[Path, ...]
    duration_ms: int
    loudness_lufs: float
    true_peak_dbtp: float


def finish_clip(order: ClipOrder, pcm_of: Callable[[int], bytes], folder: Path) -> Finished:
    """Make `folder/audio.<format>` for each format. Raises ClipDefective when what came out isn't what was planned."""
    gain = _gain(order, pcm_of)
    paths, heard = [], []
    for name in order.formats:
        path = folder / f"audio.{name}"
        encode_clip(_levelled(order, pcm_of, gain), order.sample_rate_hz, path, (order.tags, order.chapters))
        heard.append(_checked(path, order, pcm_of))
        paths.append(path)
    renditions = tuple(_rendition(path, name) for path, name in zip(paths, order.formats, strict=True))
    return Finished(
        renditions=renditions,
        paths=tuple(paths),
        duration_ms=heard[0].duration_ms,
        loudness_lufs=heard[0].loudness_lufs,
        true_peak_dbtp=heard[0].true_peak_dbtp,
    )


def _gain(order: ClipOrder, pcm_of: Callable[[int], bytes]) -> float:
    """The gain that brings the limited sound to the target: measured, corrected, measured again while it is off."""
    gain = order.gain_db
    for _ in range(_ROUNDS):
        meter = Meter(order.sample_rate_hz)
        for piece in _levelled(order, pcm_of, gain):
            meter.push(floats(piece))
        missing = order.target_lufs - meter.read()
        if abs(missing) <= _CLOSE_LU or meter.read() <= SILENT_LUFS:
            break
        gain = max(-_WIDEST_GAIN_DB, min(_WIDEST_GAIN_DB, gain + missing * (_SLOPE if missing > 0 else 1.0)))
    return gain


def _levelled(order: ClipOrder, pcm_of: Callable[[int], bytes], gain: float) -> Iterator[bytes]:
    """The clip's PCM at a gain, peaks held below ceiling and headroom."""
    rate, ceiling = order.sample_rate_hz, order.ceiling_dbtp - HEADROOM_DB
    parts = ((pcm_of(position), place.pause) for position, place in enumerate(order.planned))
    return (level(piece, gain, ceiling, rate) for piece in joined(parts, rate))


def _checked(path: Path, order: ClipOrder, pcm_of: Callable[[int], bytes]) -> Checked:
    expected = Expected(
        planned=order.planned, pcm_of=pcm_of, rate=order.sample_rate_hz, ceiling_dbtp=order.ceiling_dbtp
    )
    checked = check_clip(path, expected)
    # Fragments shorter than one gating block (BS.1770: 400 ms) have no integrated loudness.
    if checked.loudness_lufs > SILENT_LUFS and abs(checked.loudness_lufs - order.target_lufs) > _TOLERANCE_LU:
        raise ClipDefective(f"{path.name} is at {checked.loudness_lufs:.1f} LUFS; {order.target_lufs} was planned.")
    return checked


def _rendition(path: Path, name: str) -> Rendition:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Rendition(format=name, media_type=FORMATS[name], bytes=path.stat().st_size, sha256=digest)
