"""The finished MP3 of live.mp3's frames: the same frames, at their exact places, and never at a wrong level."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.audio.test_finish import order
from tests.audio.test_sounds import PAUSE, RATE, alike, placed, sentences, wave_of
from tts_service.audio import finish, live_file
from tts_service.audio.decode import decoded
from tts_service.audio.finish import finish_format
from tts_service.audio.kept import InFolder, Turn
from tts_service.audio.live import live_piece, live_start
from tts_service.audio.loudness import LIVE_CEILING_DBTP, Meter, level
from tts_service.audio.mp3_frames import frames_of
from tts_service.audio.order import ClipOrder, Made
from tts_service.values import PlannedUtterance

PCMS = sentences(4)


def lufs(pcms: list[bytes]) -> float:
    meter = Meter(RATE)
    for pcm in pcms:
        meter.push(pcm + bytes(2 * PAUSE))
    return meter.read()[0]


WANTED = replace(order(PCMS, gain_db=-16.0 - lufs(PCMS)), live=True)


def written(wanted: ClipOrder, pcms: list[bytes]) -> dict[PlannedUtterance, bytes]:
    """The frames of live.mp3 by place."""
    rate, cursor, found = wanted.sample_rate_hz, live_start(wanted.sample_rate_hz), {}
    for place, pcm in zip(wanted.planned, pcms, strict=True):
        sound = level(pcm, wanted.gain_db, LIVE_CEILING_DBTP, rate)
        found[place], cursor = live_piece(cursor, sound, place.pause, rate)
    return found


def made(folder: Path, wanted: ClipOrder, live: dict[PlannedUtterance, bytes], pcms: list[bytes] = PCMS) -> Made:
    folder.mkdir(exist_ok=True)
    return finish_format(wanted, pcms.__getitem__, folder, "mp3", Turn(kept=InFolder(folder), live=live))


def test_the_finished_file_holds_the_frames_that_were_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live = written(WANTED, PCMS)
    monkeypatch.setattr(live_file, "live_piece", None)
    monkeypatch.setattr(finish, "encode_clip", None)
    clip = made(tmp_path, WANTED, live)

    assert b"".join(live.values()) in clip.path.read_bytes()
    assert clip.checked.duration_ms == pytest.approx(120 + 4 * 1550, abs=1)


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100])
def test_its_sentences_begin_at_their_exact_samples(tmp_path: Path, rate: int) -> None:
    pcms = sentences(3, 0.8, rate)
    wanted = replace(WANTED, planned=placed(pcms, rate // 3, rate), sample_rate_hz=rate, target_lufs=-16.0, chapters=())
    path = tmp_path / "clip.mp3"
    live_file.write_live_file(wanted, pcms.__getitem__, {}, path)
    sound = np.concatenate(list(decoded(path, rate)))

    for place, pcm in zip(wanted.planned, pcms, strict=True):
        heard = {n: alike(sound[place.start + n :][: place.samples], wave_of(pcm)) for n in (-1, 0, 1)}
        assert max(heard, key=lambda n: heard[n]) == 0
    assert len(sound) == wanted.planned[-1].start + wanted.planned[-1].samples + wanted.planned[-1].pause


def test_frames_that_another_turn_wrote_are_encoded_again_to_the_same_file(tmp_path: Path) -> None:
    live = written(WANTED, PCMS)
    some = dict(list(live.items())[:2])

    files = [made(tmp_path / str(n), WANTED, frames) for n, frames in enumerate((live, some, {}))]
    assert len({one.rendition.sha256 for one in files}) == 1


@pytest.mark.parametrize("off_lu", [-1.0, 1.0])
def test_a_clip_at_another_level_is_encoded_anew(tmp_path: Path, off_lu: float) -> None:
    loud = replace(WANTED, gain_db=WANTED.gain_db + off_lu)
    clip = made(tmp_path, loud, written(loud, PCMS))

    assert clip.checked.loudness_lufs == pytest.approx(-16, abs=0.2)


def test_a_clip_with_a_short_pause_is_encoded_anew(tmp_path: Path) -> None:
    """live.mp3 lacks the end of the sentence before it."""
    tight = replace(WANTED, planned=placed(PCMS, 900))
    made(tmp_path / "live", tight, written(tight, PCMS))
    made(tmp_path / "not", replace(tight, live=False), {})

    assert (tmp_path / "live/audio.mp3").read_bytes() == (tmp_path / "not/audio.mp3").read_bytes()


def test_frames_of_another_sentence_are_never_published(tmp_path: Path) -> None:
    live = written(WANTED, PCMS)
    first, second, *_ = live
    clip = made(tmp_path, WANTED, live | {first: live[second], second: live[first]})

    assert live[first] not in clip.path.read_bytes()


def test_the_file_says_how_many_frames_it_has(tmp_path: Path) -> None:
    """Lengths differ by a byte at 22,050 Hz: the number can't be told from the size."""
    pcms = sentences(60, 0.3)
    wanted = replace(WANTED, planned=placed(pcms), chapters=())
    path = tmp_path / "clip.mp3"
    live_file.write_live_file(wanted, pcms.__getitem__, {}, path)
    data = path.read_bytes()
    at = data.index(b"Info")

    start = data.index(b"\xff\xf3", at)
    assert int.from_bytes(data[at + 8 : at + 12], "big") == len(list(frames_of(data[start:])))
