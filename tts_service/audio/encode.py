"""The finished files: MP3 through LAME, M4A (AAC), Opus and WAV through FFmpeg's libraries, streamed to disk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from tts_service.audio.id3 import id3_tag
from tts_service.audio.mp3 import Mp3File
from tts_service.errors import FormatNotKnown
from tts_service.values import Chapter, ClipTags

FORMATS = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "opus": "audio/ogg", "wav": "audio/wav"}
"""Media type by format."""


class ClipFile(Protocol):
    """A file being written."""

    def push(self, pcm: bytes) -> None:
        """The next s16 mono PCM."""

    def close(self) -> None:
        """Complete the file."""

    def abandon(self) -> None:
        """Close the file as it is; it is of no use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What a file says of itself."""

    tags: ClipTags
    chapters: tuple[Chapter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Codec:
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


_CODECS = {
    # Index in front (faststart): players begin before they have the whole file.
    "m4a": _Codec(name="aac", container="ipod", bit_rate=64_000, sample_rates_hz=(),
                  container_options={"movflags": "faststart"}, codec_options={"aac_coder": "fast"}),
    # The MDCT half of Opus alone ("lowdelay"): at 32 kbit/s its wave is as like the voice as with the half made for
    # speech, but peaks rise by 2.5 dB at most instead of 9 (docs/audio.md), in 40 % of the time.
    "opus": _Codec(name="libopus", container="ogg", bit_rate=32_000, sample_rates_hz=(16_000, 24_000, 48_000),
                   container_options={},
                   codec_options={"application": "lowdelay", "compression_level": "5", "vbr": "constrained"}),
    # The samples as they are; what has no chapters in its format has them in the marks.
    "wav": _Codec(name="pcm_s16le", container="wav", bit_rate=None, sample_rates_hz=(),
                  container_options={}, codec_options={}),
}  # fmt: skip


def encode_clip(pcm: Iterable[bytes], sample_rate_hz: int, path: Path, form: str, labels: Labels) -> None:
    """Write s16 mono PCM as a file of `form` ("mp3", …). Raises FormatNotKnown; leaves a useless file on any error."""
    file = open_clip(sample_rate_hz, path, form, labels)
    try:
        for piece in pcm:
            file.push(piece)
        file.close()
    except BaseException:
        file.abandon()
        raise


def open_clip(sample_rate_hz: int, path: Path, form: str, labels: Labels) -> ClipFile:
    """A file of `form` to push s16 mono PCM to. Raises FormatNotKnown."""
    if form == "mp3":
        return Mp3File(path, sample_rate_hz, id3_tag(labels.tags, labels.chapters))
    if form not in _CODECS:
        raise FormatNotKnown(f"There is no audio format {form!r}.", known=list(FORMATS))
    return _LibraryFile(path, sample_rate_hz, _CODECS[form], labels)


class _LibraryFile:
    """A file through PyAV."""

    def __init__(self, path: Path, sample_rate_hz: int, codec: _Codec, labels: Labels) -> None:
        import av

        self._av = av
        self._rate = sample_rate_hz
        self._samples = 0
        # Bit-exact: no versions, no random numbers; the same clip is the same file.
        options = {**codec.container_options, "fflags": "+bitexact"}
        self._container: Any = av.open(str(path), "w", format=codec.container, container_options=options)
        self._container.metadata.update(_metadata(codec.container, labels.tags))
        if labels.chapters:
            self._container.set_chapters(_chapters(labels.chapters))
        stream: Any = self._container.add_stream(
            codec.name, rate=codec.rate_for(sample_rate_hz), layout="mono", options=codec.codec_options
        )
        if codec.bit_rate is not None:
            stream.bit_rate = codec.bit_rate
        self._stream = stream

    def push(self, pcm: bytes) -> None:
        samples = np.frombuffer(pcm, np.int16)
        if len(samples) == 0:
            return
        frame = self._av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = self._rate
        frame.time_base = Fraction(1, self._rate)
        frame.pts = self._samples
        self._samples += len(samples)
        self._container.mux(self._stream.encode(frame))

    def close(self) -> None:
        self._container.mux(self._stream.encode(None))
        self._container.close()

    def abandon(self) -> None:
        with suppress(self._av.error.FFmpegError):
            self._container.close()


def _metadata(container: str, tags: ClipTags) -> dict[str, str]:
    source = tags.digital_source_type.uri
    given = {
        "title": tags.title,
        "artist": tags.author,
        "date": tags.date,
        "comment": tags.notice,
        "language": tags.language,
        "encoder": tags.encoder,
    }
    if container == "ogg":
        given |= {"digitalsourcetype": source, "contact": tags.url}
    elif container == "wav":
        # RIFF INFO by its own names: source form, source, software (which bit-exact writing takes out as "encoder").
        given |= {"ISRF": f"digitalSourceType: {source}", "ISRC": tags.url, "ISFT": tags.encoder}
    else:
        # FFmpeg writes only iTunes' own atoms: the free-form name goes into the description.
        given |= {"description": f"digitalSourceType: {source}", "encoding_tool": tags.encoder}
    return {name: value for name, value in given.items() if value}


def _chapters(chapters: Sequence[Chapter]) -> list[Any]:
    thousandth = Fraction(1, 1000)
    return [
        {"id": number, "start": chapter.start_ms, "end": chapter.end_ms, "time_base": thousandth,
         "metadata": {"title": chapter.title}}
        for number, chapter in enumerate(chapters)
    ]  # fmt: skip
