"""The files: exact length, tags, chapters, same bytes each time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from tests.audio.test_sounds import CHAPTERS, RATE, TAGS, alike, sentence, wave_of
from tts_service.audio.container import Labels, encode_clip
from tts_service.audio.decode import decoded, decoded_ms
from tts_service.audio.encode import FORMATS
from tts_service.audio.loudness import Meter
from tts_service.audio.mp3_frames import frame_length, frames_of
from tts_service.errors import ClipDefective, FormatNotKnown

LABELS = Labels(tags=TAGS, chapters=CHAPTERS)
ALL = sorted(FORMATS)
CHAPTERED = [form for form in ALL if form != "wav"]
"""WAV has no place for chapters that players look at."""


def pieces(pcm: bytes, size: int = 7000) -> Iterator[bytes]:
    return (pcm[start : start + size] for start in range(0, len(pcm), size))


def written(folder: Path, form: str, pcm: bytes, rate: int = RATE) -> Path:
    path = folder / f"clip.{form}"
    encode_clip(pieces(pcm), rate, path, form, LABELS)
    return path


@pytest.mark.parametrize("form", ALL)
@pytest.mark.parametrize("samples", [RATE * 3, RATE * 3 + 1, RATE * 2 + 575])
def test_the_clip_decodes_to_the_planned_length_and_place(tmp_path: Path, form: str, samples: int) -> None:
    pcm = sentence(1, 3.2)[: 2 * samples]
    wave = np.concatenate(list(decoded(written(tmp_path, form, pcm), RATE))).astype(float)

    # AAC comes in frames of 1024 samples; MP3 says its length to the sample.
    assert abs(len(wave) - samples) <= {"mp3": 0, "wav": 0, "opus": 3, "m4a": 1024}[form]
    assert alike(wave[: samples - 9], wave_of(pcm)[: samples - 9]) > 0.98


@pytest.mark.parametrize("rate", [16000, 22050, 24000, 44100, 48000])
@pytest.mark.parametrize("samples", [100, 576, 30_000])
def test_an_mp3_is_exact_to_the_sample_at_every_rate(tmp_path: Path, rate: int, samples: int) -> None:
    pcm = sentence(2, 2, rate)[: 2 * samples]
    wave = np.concatenate(list(decoded(written(tmp_path, "mp3", pcm, rate), rate)))

    assert len(wave) == samples


def test_the_info_frame_counts_frames_and_bytes(tmp_path: Path) -> None:
    data = written(tmp_path, "mp3", sentence(3, 5)).read_bytes()
    tag = 10 + sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
    info, *frames = frames_of(data[tag:])

    at = info.index(b"Info")
    assert int.from_bytes(info[at + 8 : at + 12], "big") == len(frames)
    assert int.from_bytes(info[at + 12 : at + 16], "big") == len(data) - tag
    assert len(info) + sum(map(len, frames)) == len(data) - tag


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="no layer III frame"):
        frame_length(b"RIFF")


@pytest.mark.parametrize("form", ALL)
def test_level_in_is_level_out(tmp_path: Path, form: str) -> None:
    """LAME left alone would take 0.45 dB away."""
    pcm = sentence(4, 4)
    before, after = Meter(RATE), Meter(RATE)
    before.push(pcm)
    for wave in decoded(written(tmp_path, form, pcm), RATE):
        after.push(np.rint(wave * 32767).astype(np.int16).tobytes())

    # Opus drops some of the breath.
    assert after.read()[0] == pytest.approx(before.read()[0], abs=1 if form == "opus" else 0.1)


@pytest.mark.parametrize("form", ALL)
def test_tags_are_read_back(tmp_path: Path, form: str) -> None:
    with av.open(str(written(tmp_path, form, sentence(5, 3.1)))) as container:
        told = {
            name.lower(): text
            for part in (container, container.streams.audio[0])
            for name, text in part.metadata.items()
        }

    assert told["title"] == TAGS.title
    assert told["artist"] == TAGS.author
    assert told["date"] == TAGS.date
    assert told["comment"] == TAGS.notice
    where = {"mp3": "digitalsourcetype", "opus": "digitalsourcetype", "m4a": "description", "wav": "isrf"}[form]
    assert TAGS.digital_source_type.uri in told[where]
    assert TAGS.credit in (told.get("credit"), told.get("copyright"))


@pytest.mark.parametrize("form", CHAPTERED)
def test_three_chapters_are_read_back(tmp_path: Path, form: str) -> None:
    with av.open(str(written(tmp_path, form, sentence(5, 3.1)))) as container:
        found = [
            (chapter["metadata"]["title"], chapter["start"] * 1000 * chapter["time_base"])
            for chapter in container.chapters()
        ]

    assert found == [(chapter.title, chapter.start_ms) for chapter in CHAPTERS]


def test_a_wav_is_the_samples_as_they_were(tmp_path: Path) -> None:
    pcm = sentence(5, 3.1)
    data = written(tmp_path, "wav", pcm).read_bytes()

    assert data.endswith(b"data" + len(pcm).to_bytes(4, "little") + pcm)
    assert int.from_bytes(data[4:8], "little") == len(data) - 8


@pytest.mark.parametrize("form", ALL)
def test_the_same_clip_is_the_same_file(tmp_path: Path, form: str) -> None:
    pcm = sentence(6)

    assert written(tmp_path, form, pcm).read_bytes() == written(tmp_path, form, pcm).read_bytes()


def test_an_m4a_has_its_index_in_front(tmp_path: Path) -> None:
    data = written(tmp_path, "m4a", sentence(7)).read_bytes()

    assert data.index(b"moov") < data.index(b"mdat")


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatNotKnown):
        encode_clip([], RATE, tmp_path / "clip.wma", "wma", LABELS)


def test_what_is_no_audio_is_defective(tmp_path: Path) -> None:
    (tmp_path / "clip.mp3").write_bytes(b"nothing" * 100)
    with pytest.raises(ClipDefective):
        decoded_ms(tmp_path / "clip.mp3")


def test_the_decoded_length_is_in_ms(tmp_path: Path) -> None:
    assert decoded_ms(written(tmp_path, "mp3", sentence(1, 1.5))) == pytest.approx(1500, abs=0.1)
