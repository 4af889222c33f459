"""Writes packets to a tagged file, streaming to disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

from tts_service.audio.encode import CODECS, FORMATS, Codec, Packet, encoded, encoder_for
from tts_service.audio.id3 import id3_tag
from tts_service.audio.mp3 import Mp3File
from tts_service.errors import FormatNotKnown
from tts_service.values import SAMPLE_WIDTH, Chapter, ClipTags


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Metadata written into a file."""

    tags: ClipTags
    chapters: tuple[Chapter, ...] = ()


class ClipFile(Protocol):
    """A file being written."""

    def add(self, packet: Packet) -> None:
        """Appends a packet."""

    def close(self, samples: int) -> None:
        """Completes the file; `samples`: length of the clip."""

    def abandon(self) -> None:
        """Closes the file, which is unusable."""


def encode_clip(pcm: Iterable[bytes], sample_rate_hz: int, path: Path, form: str, labels: Labels) -> None:
    """Write s16 mono PCM as a file of `form` ("mp3", …). Raises FormatNotKnown; leaves a useless file on any error."""
    samples = 0

    def counted() -> Iterable[bytes]:
        nonlocal samples
        for piece in pcm:
            samples += len(piece) // SAMPLE_WIDTH
            yield piece

    packets = encoded(counted(), encoder_for(form, sample_rate_hz))
    write_packets(packets, lambda: samples, open_clip(sample_rate_hz, path, form, labels))


def write_packets(packets: Iterable[Packet], samples: Callable[[], int], file: ClipFile) -> None:
    """Writes all packets; calls `samples` after the last one. Leaves an unusable file on any error."""
    try:
        for packet in packets:
            file.add(packet)
        file.close(samples())
    except BaseException:
        file.abandon()
        raise


def open_clip(sample_rate_hz: int, path: Path, form: str, labels: Labels) -> ClipFile:
    """Opens a file for packets of the codec of `form` ("mp3", …). Raises FormatNotKnown."""
    if form == "mp3":
        return _TaggedMp3(path, sample_rate_hz, labels)
    if form not in CODECS:
        raise FormatNotKnown(f"Unknown audio format {form!r}.", known=list(FORMATS))
    return _LibraryFile(path, sample_rate_hz, CODECS[form], labels)


class _TaggedMp3:
    def __init__(self, path: Path, sample_rate_hz: int, labels: Labels) -> None:
        self._file = Mp3File(path, sample_rate_hz, id3_tag(labels.tags, labels.chapters))

    def add(self, packet: Packet) -> None:
        self._file.write(packet.data)

    def close(self, samples: int) -> None:
        self._file.close(samples)

    def abandon(self) -> None:
        self._file.abandon()


class _LibraryFile:
    """A file written through PyAV."""

    def __init__(self, path: Path, sample_rate_hz: int, codec: Codec, labels: Labels) -> None:
        import av

        self._av = av
        # Bit-exact: no version strings or random numbers, so that the same clip gives the same file.
        options = {**codec.container_options, "fflags": "+bitexact"}
        self._container: Any = av.open(str(path), "w", format=codec.container, container_options=options)
        self._container.metadata.update(file_metadata(codec.container, labels.tags))
        if labels.chapters:
            self._container.set_chapters(_chapters(labels.chapters))
        self._rate = codec.rate_for(sample_rate_hz)
        stream: Any = self._container.add_stream(
            codec.name, rate=self._rate, layout="mono", options=codec.codec_options
        )
        if codec.bit_rate is not None:
            stream.bit_rate = codec.bit_rate
        self._stream = stream
        self._container.start_encoding()

    def add(self, packet: Packet) -> None:
        made = self._av.Packet(packet.data)
        made.pts = made.dts = packet.pts
        made.duration = packet.duration
        made.time_base = Fraction(1, self._rate)
        made.stream = self._stream
        made.is_keyframe = True
        self._container.mux_one(made)

    def close(self, samples: int) -> None:
        self._container.close()

    def abandon(self) -> None:
        with suppress(self._av.error.FFmpegError):
            self._container.close()


def file_metadata(container: str, tags: ClipTags) -> dict[str, str]:
    """What a file says of itself, in the names of its container."""
    source = tags.digital_source_type.uri
    fields = {
        "title": tags.title,
        "artist": tags.author,
        "date": tags.date,
        "comment": tags.notice,
        "language": tags.language,
        "encoder": tags.encoder,
    }
    if container in ("ogg", "flac"):
        fields |= {"digitalsourcetype": source, "contact": tags.url, "credit": tags.credit}
    elif container == "wav":
        # RIFF INFO names: source form, source, software (bit-exact writing drops it under the name "encoder").
        fields |= {"ISRF": f"digitalSourceType: {source}", "ISRC": tags.url, "ISFT": tags.encoder, "ICOP": tags.credit}
    else:
        # FFmpeg writes only iTunes' own atoms, so free-form values go into the description and the copyright line.
        fields |= {"description": f"digitalSourceType: {source}", "encoding_tool": tags.encoder}
        fields |= {"copyright": tags.credit}
    return {name: value for name, value in fields.items() if value}


def _chapters(chapters: Sequence[Chapter]) -> list[Any]:
    thousandth = Fraction(1, 1000)
    return [
        {
            "id": number,
            "start": chapter.start_ms,
            "end": chapter.end_ms,
            "time_base": thousandth,
            "metadata": {"title": chapter.title},
        }
        for number, chapter in enumerate(chapters)
    ]
