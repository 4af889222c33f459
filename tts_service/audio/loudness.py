"""Loudness: measurement (ITU-R BS.1770 through FFmpeg's ebur128) and levelling to one target."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tts_service.audio.limiter import limited
from tts_service.audio.peaks import PeakMeter

FULL_SCALE = 32768
LIVE_CEILING_DBTP = -2.5
"""Peak ceiling of live.mp3 before encoding: MP3 at 64 kbit/s overshoots by up to about 1.5 dB."""
_NOTHING_LUFS = -70.0
"""BS.1770's absolute gate: ebur128's value before any sound has passed it."""
_LEAST_S = 0.5
"""One 400 ms block, plus 100 ms until ebur128 reports it."""
_GATE_LU = 10.0
"""BS.1770's relative gate: blocks this far below the mean don't count."""


class Meter:
    """Integrated loudness, and optionally true peak, of s16 mono PCM pushed in pieces."""

    def __init__(self, sample_rate_hz: int, *, true_peak: bool = False) -> None:
        import av

        self._av = av
        self._rate = sample_rate_hz
        self._samples = 0
        self._lufs = -math.inf
        self.blocks: list[float] = []
        """LUFS of 400 ms blocks every 100 ms, from which the integrated loudness is computed."""
        self._peaks = PeakMeter() if true_peak else None
        self._graph = av.filter.Graph()
        self._source = self._graph.add_abuffer(
            format="s16", sample_rate=sample_rate_hz, layout="mono", time_base=Fraction(1, sample_rate_hz)
        )
        meter = self._graph.add("ebur128", "metadata=1:framelog=quiet")
        self._sink = self._graph.add("abuffersink")
        self._source.link_to(meter)
        meter.link_to(self._sink)
        self._graph.configure()

    def push(self, pcm: bytes) -> None:
        """Adds s16 mono PCM of any length."""
        samples = np.frombuffer(pcm, np.int16)
        self._feed(samples)
        if self._peaks is not None:
            self._peaks.push(samples.astype(np.float32) / np.float32(FULL_SCALE))

    def read(self) -> tuple[float, float]:
        """(LUFS, dBTP) of everything pushed; ends the meter. Minus infinity for silence or no true peak."""
        # Less than a block has no loudness: measure a one-word clip together with silence after it.
        self._feed(np.zeros(max(0, int(self._rate * _LEAST_S) - self._samples), np.int16))
        self._source.push(None)
        self._drain()
        return self._lufs, self._peaks.read_dbtp() if self._peaks is not None else -math.inf

    def _feed(self, samples: NDArray[np.int16]) -> None:
        if len(samples) == 0:
            return
        frame = self._av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = self._rate
        frame.pts = self._samples
        frame.time_base = Fraction(1, self._rate)
        self._samples += len(samples)
        self._source.push(frame)
        self._drain()

    def _drain(self) -> None:
        while True:
            try:
                frame = self._sink.pull()
            except (self._av.error.BlockingIOError, self._av.error.EOFError):
                return
            lufs = frame.metadata.get("lavfi.r128.I")  # missing on the last frame, shorter than 100 ms
            if lufs is not None:
                self.blocks.append(float(frame.metadata["lavfi.r128.M"]))
                self._lufs = float(lufs) if float(lufs) > _NOTHING_LUFS else -math.inf


def integrated(blocks: Sequence[float]) -> float:
    """LUFS from 400 ms blocks of one or more meters (BS.1770-5, annex 1); minus infinity for silence."""
    loud = np.array([block for block in blocks if block > _NOTHING_LUFS])
    if len(loud) == 0:
        return -math.inf
    gated = loud[loud > _mean(loud) - _GATE_LU]
    return _mean(gated)


def _mean(lufs: NDArray[np.float64]) -> float:
    return 10 * math.log10(float(np.mean(10 ** (lufs / 10))))


def level(pcm: bytes, gain_db: float, ceiling_dbtp: float, sample_rate_hz: int) -> bytes:
    """The s16 mono PCM, `gain_db` louder, true peaks limited to the ceiling; same length, deterministic.

    Independent of what comes before or after: an utterance sounds the same everywhere.
    """
    wave = np.frombuffer(pcm, np.int16).astype(np.float32) * np.float32(10 ** (gain_db / 20) / FULL_SCALE)
    output = limited(wave, 10 ** (ceiling_dbtp / 20), sample_rate_hz)
    return np.clip(np.rint(output * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16).tobytes()
