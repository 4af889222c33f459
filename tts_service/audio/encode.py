"""Sound -> packets of a codec: MP3 through LAME; AAC, Opus and WAV through FFmpeg's libraries."""

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
    """One encoded frame; for MP3 and WAV any run of bytes."""

    data: bytes
    pts: int = 0
    """Presentation time in the codec's samples; below 0: dropped by the decoder. Not set for MP3."""
    duration: int = 0
    """In the codec's samples. Not set for MP3."""


class Encoder(Protocol):
    """A streaming encoder; buffers only its codec's look-ahead."""

    def push(self, pcm: bytes) -> list[Packet]:
        """Encodes s16 mono PCM; returns the packets that are ready."""

    def end(self) -> list[Packet]:
        """Returns the remaining packets; the encoder can't be used afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """FFmpeg encoding parameters of a format."""

    name: str
    container: str
    bit_rate: int | None
    """In bit/s; None for uncompressed samples."""
    sample_rates_hz: tuple[int, ...]
    """Supported sample rates, ascending: the lowest one not below the clip's is used. Empty: any rate."""
    container_options: dict[str, str]
    codec_options: dict[str, str]

    def rate_for(self, sample_rate_hz: int) -> int:
        fitting = [rate for rate in self.sample_rates_hz if rate >= sample_rate_hz]
        return min(fitting, default=max(self.sample_rates_hz, default=sample_rate_hz))


CODECS = {
    # Index first (faststart): players can start before the file is complete.
    "m4a": Codec(
        name="aac",
        container="ipod",
        bit_rate=64_000,
        sample_rates_hz=(),
        container_options={"movflags": "faststart"},
        codec_options={"aac_coder": "fast"},
    ),
    # Opus's MDCT mode alone ("lowdelay"): at 32 kbit/s the waveform is as close to the voice as in the speech mode,
    # but peaks rise by at most 2.5 dB instead of 9 (docs/audio.md), in 40 % of the time.
    "opus": Codec(
        name="libopus",
        container="ogg",
        bit_rate=32_000,
        sample_rates_hz=(16_000, 24_000, 48_000),
        container_options={},
        codec_options={"application": "lowdelay", "compression_level": "5", "vbr": "constrained"},
    ),
    # Uncompressed. WAV has no chapters; marks.json has them.
    "wav": Codec(
        name="pcm_s16le", container="wav", bit_rate=None, sample_rates_hz=(), container_options={}, codec_options={}
    ),
}
"""By format; MP3 has its own encoder."""


def encoder_for(form: str, sample_rate_hz: int) -> Encoder:
    """An encoder of s16 mono PCM at this rate. Raises FormatNotKnown."""
    if form == "mp3":
        return _LameEncoder(sample_rate_hz)
    if form not in CODECS:
        raise FormatNotKnown(f"Unknown audio format {form!r}.", known=list(FORMATS))
    return _LibraryEncoder(CODECS[form], sample_rate_hz)


def encoded(pcm: Iterable[bytes], encoder: Encoder) -> Iterator[Packet]:
    """All packets for the PCM, in order."""
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
        # LAME may flush less padding than a decoder needs to play the last sample: add a frame of silence.
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
        packets = self._context.encode(frame)
        return [Packet(data=bytes(one), pts=one.pts, duration=one.duration) for one in packets]


def set_up(context: Any, codec: Codec, sample_rate_hz: int) -> None:
    """Configures a PyAV codec context for the codec."""
    context.sample_rate = codec.rate_for(sample_rate_hz)
    context.layout = "mono"
    context.format = context.codec.audio_formats[0]
    context.time_base = Fraction(1, context.sample_rate)
    context.options = codec.codec_options
    if codec.bit_rate is not None:
        context.bit_rate = codec.bit_rate
