"""Sound -> packets of a codec: MP3 through LAME, AAC, Opus and plain samples through FFmpeg's libraries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np

from tts_service.audio.mp3 import Lame
from tts_service.audio.mp3_frames import samples_per_frame
from tts_service.errors import FormatNotKnown
from tts_service.values import SAMPLE_WIDTH

FORMATS = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "opus": "audio/ogg", "wav": "audio/wav"}
"""Media type by format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """What an encoder hands out at once: a frame; of MP3 and WAV any stretch of bytes."""

    data: bytes
    pts: int = 0
    """Where it is heard, in the codec's samples; below 0 what the decoder drops. MP3: not told."""
    duration: int = 0
    """In the codec's samples. MP3: not told."""


class Encoder(Protocol):
    """Holds what its codec looks ahead, no more."""

    def push(self, pcm: bytes) -> list[Packet]:
        """What is ready after this s16 mono PCM."""

    def end(self) -> list[Packet]:
        """The rest; the encoder is used up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """How FFmpeg's libraries are to encode a format."""

    name: str
    container: str
    bit_rate: int | None
    """None: what the samples take."""
    sample_rates_hz: tuple[int, ...]
    """Those it can encode at, ascending: the first that isn't lower than the clip's is taken; empty: the clip's own."""
    container_options: dict[str, str]
    codec_options: dict[str, str]

    def rate_for(self, sample_rate_hz: int) -> int:
        fitting = [rate for rate in self.sample_rates_hz if rate >= sample_rate_hz]
        return min(fitting, default=max(self.sample_rates_hz, default=sample_rate_hz))


CODECS = {
    # Index in front (faststart): players begin before they have the whole file.
    "m4a": Codec(
        name="aac",
        container="ipod",
        bit_rate=64_000,
        sample_rates_hz=(),
        container_options={"movflags": "faststart"},
        codec_options={"aac_coder": "fast"},
    ),
    # The MDCT half of Opus alone ("lowdelay"): at 32 kbit/s its wave is as like the voice as with the half made for
    # speech, but peaks rise by 2.5 dB at most instead of 9 (docs/audio.md), in 40 % of the time.
    "opus": Codec(
        name="libopus",
        container="ogg",
        bit_rate=32_000,
        sample_rates_hz=(16_000, 24_000, 48_000),
        container_options={},
        codec_options={"application": "lowdelay", "compression_level": "5", "vbr": "constrained"},
    ),
    # The samples as they are; what has no chapters in its format has them in the marks.
    "wav": Codec(
        name="pcm_s16le", container="wav", bit_rate=None, sample_rates_hz=(), container_options={}, codec_options={}
    ),
}
"""By format; MP3 has an encoder of its own."""


def encoder_for(form: str, sample_rate_hz: int) -> Encoder:
    """An encoder of s16 mono PCM at this rate. Raises FormatNotKnown."""
    if form == "mp3":
        return _LameEncoder(sample_rate_hz)
    if form not in CODECS:
        raise FormatNotKnown(f"There is no audio format {form!r}.", known=list(FORMATS))
    return _LibraryEncoder(CODECS[form], sample_rate_hz)


def encoded(pcm: Iterable[bytes], encoder: Encoder) -> Iterator[Packet]:
    """All packets of some PCM, one after the other."""
    for piece in pcm:
        yield from encoder.push(piece)
    yield from encoder.end()


class _LameEncoder:
    def __init__(self, sample_rate_hz: int) -> None:
        self._lame = Lame(sample_rate_hz)
        self._rate = sample_rate_hz

    def push(self, pcm: bytes) -> list[Packet]:
        return [Packet(data=self._lame.push(pcm))]

    def end(self) -> list[Packet]:
        # LAME may flush less padding than a decoder needs to play the last sample: a frame of silence gives more.
        silence = self._lame.push(bytes(samples_per_frame(self._rate) * SAMPLE_WIDTH))
        return [Packet(data=silence + self._lame.flush())]


class _LibraryEncoder:
    def __init__(self, codec: Codec, sample_rate_hz: int) -> None:
        import av

        self._av = av
        self._rate = sample_rate_hz
        self._samples = 0
        self._context: Any = av.CodecContext.create(codec.name, "w")
        set_up(self._context, codec, sample_rate_hz)

    def push(self, pcm: bytes) -> list[Packet]:
        samples = np.frombuffer(pcm, np.int16)
        if len(samples) == 0:
            return []
        frame = self._av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = self._rate
        frame.time_base = Fraction(1, self._rate)
        frame.pts = self._samples
        self._samples += len(samples)
        return self._packets(frame)

    def end(self) -> list[Packet]:
        return self._packets(None)

    def _packets(self, frame: Any) -> list[Packet]:
        given = self._context.encode(frame)
        return [Packet(data=bytes(one), pts=one.pts, duration=one.duration) for one in given]


def set_up(context: Any, codec: Codec, sample_rate_hz: int) -> None:
    """Make a codec context of PyAV encode as the codec says."""
    context.sample_rate = codec.rate_for(sample_rate_hz)
    context.layout = "mono"
    context.format = context.codec.audio_formats[0]
    context.time_base = Fraction(1, context.sample_rate)
    context.options = codec.codec_options
    if codec.bit_rate is not None:
        context.bit_rate = codec.bit_rate
