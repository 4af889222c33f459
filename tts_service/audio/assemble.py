"""Joins utterances with fades and planned pauses, sample-exact."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tts_service.values import SAMPLE_WIDTH, PlannedUtterance

LEAD_IN_MS = 120
"""Silence before the first utterance, for players that swallow the first frames."""
FADE_MS = 5
"""Fade at both ends of every utterance: long enough to avoid clicks, too short to hear."""
_PIECE_SAMPLES = 1 << 16
"""Longest silence yielded in one piece."""


def plan(lengths: Iterable[tuple[str, int, int]], sample_rate_hz: int) -> tuple[PlannedUtterance, ...]:
    """Positions in the clip, from (segment key, samples, samples of silence after it) per utterance."""
    out: list[PlannedUtterance] = []
    start = LEAD_IN_MS * sample_rate_hz // 1000
    for key, samples, pause in lengths:
        out.append(PlannedUtterance(segment_key=key, samples=samples, start=start, pause=pause))
        start += samples + pause
    return tuple(out)


def planned_samples(planned: Sequence[PlannedUtterance]) -> int:
    """Samples of the whole clip including lead-in and last pause; 0 for an empty plan."""
    if not planned:
        return 0
    last = planned[-1]
    return last.start + last.samples + last.pause


def joined(parts: Iterable[tuple[bytes, int]], sample_rate_hz: int, lead_in_samples: int) -> Iterator[bytes]:
    """The clip's PCM in pieces, from (s16 mono PCM, samples of silence after it) per utterance.

    Exactly as long as lead-in, parts and pauses together. Holds at most one utterance in memory.
    """
    yield from _silence(lead_in_samples, sample_rate_hz)
    for pcm, pause in parts:
        yield faded(pcm, sample_rate_hz)
        yield from _silence(pause, sample_rate_hz)


def faded(pcm: bytes, sample_rate_hz: int) -> bytes:
    """The s16 mono PCM with both ends faded, same length; unchanged if shorter than both fades."""
    edge = FADE_MS * sample_rate_hz // 1000 * SAMPLE_WIDTH
    if len(pcm) < 2 * edge:
        return pcm
    # Only the edges go through pydub, which copies its input several times.
    first = _segment(pcm[:edge], sample_rate_hz).fade_in(FADE_MS).raw_data
    last = _segment(pcm[-edge:], sample_rate_hz).fade_out(FADE_MS).raw_data
    return b"".join((first, pcm[edge:-edge], last))


def _pydub() -> Any:
    """pydub's AudioSegment. At first import it searches for ffmpeg and warns; here it only edits, PyAV encodes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    return AudioSegment


def _segment(pcm: bytes, sample_rate_hz: int) -> Any:
    return _pydub()(pcm, sample_width=SAMPLE_WIDTH, frame_rate=sample_rate_hz, channels=1)


def _silence(samples: int, sample_rate_hz: int) -> Iterator[bytes]:
    for start in range(0, samples, _PIECE_SAMPLES):
        count = min(_PIECE_SAMPLES, samples - start)
        # pydub counts in ms and rounds down to whole samples: an extra half sample yields exactly `count`.
        silent = _pydub().silent(duration=(count + 0.5) * 1000 / sample_rate_hz, frame_rate=sample_rate_hz)
        yield bytes(silent.raw_data)
