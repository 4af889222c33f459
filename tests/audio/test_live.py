"""live.mp3: pieces made one by one sound like one encoding, and whoever goes on writes the same bytes."""

from __future__ import annotations

import io
from itertools import pairwise

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.audio.test_sounds import RATE, TAGS, alike, placed, sentences, wave_of
from tts_service.audio.assemble import LEAD_IN_MS, joined, planned_samples
from tts_service.audio.live import LiveCursor, cursor_after, live_end, live_head, live_piece, live_start
from tts_service.audio.mp3 import Lame
from tts_service.audio.mp3_frames import PLAIN_DELAY, frames_of, samples_per_frame


def stream(pcms: list[bytes], pause: int, rate: int = RATE) -> tuple[list[bytes], list[LiveCursor]]:
    """The pieces with the end as the last one, and the cursor before each."""
    cursors, pieces = [live_start(rate)], []
    for pcm in pcms:
        piece, cursor = live_piece(cursors[-1], pcm, pause, rate)
        pieces.append(piece)
        cursors.append(cursor)
    return [*pieces, live_end(cursors[-1], rate)], cursors


def heard(mp3: bytes) -> NDArray[np.float64]:
    """Decoded, as a player does that reads a plain stream."""
    with av.open(io.BytesIO(mp3), "r", format="mp3") as container:
        return np.concatenate([frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]).astype(float)


def whole(pcms: list[bytes], pause: int, rate: int = RATE) -> bytes:
    return b"".join(joined([(pcm, pause) for pcm in pcms], rate, LEAD_IN_MS * rate // 1000))


def encoded_at_once(pcms: list[bytes], pause: int, rate: int) -> NDArray[np.float64]:
    """Encoded in one go and decoded."""
    lame = Lame(rate)
    return heard(lame.push(whole(pcms, pause, rate)[2 * PLAIN_DELAY :]) + lame.flush())


@pytest.mark.parametrize(("rate", "pause_ms"), [(22050, 350), (22050, 150), (16000, 150), (24000, 700), (44100, 150)])
def test_live_pieces_decode_like_one_encode(rate: int, pause_ms: int) -> None:
    pcms, pause = sentences(5, 0.9, rate), rate * pause_ms // 1000
    pieces, _ = stream(pcms, pause, rate)
    once = encoded_at_once(pcms, pause, rate)
    live, planned = heard(b"".join(pieces)), wave_of(whole(pcms, pause, rate))

    for place in placed(pcms, pause, rate):
        stretch = slice(place.start, place.start + place.samples)
        assert alike(live[stretch], once[stretch]) > 0.999
        assert alike(live[stretch], planned[stretch]) > 0.99


def test_live_is_as_long_as_planned() -> None:
    pcms = sentences(3, 0.7)
    pieces, _ = stream(pcms, 5000)
    frame = samples_per_frame(RATE)

    want = -(-planned_samples(placed(pcms, 5000)) // frame)
    assert len(list(frames_of(b"".join(pieces)))) == want
    assert len(heard(b"".join(pieces))) == want * frame


def test_every_piece_is_whole_frames() -> None:
    pieces, cursors = stream(sentences(4, 0.6), 4000)

    counts = [len(list(frames_of(piece))) for piece in pieces[:-1]]
    assert counts == [after.frames_done - before.frames_done for before, after in pairwise(cursors)]
    assert all(sum(map(len, frames_of(piece))) == len(piece) for piece in pieces)


def test_seams_are_as_quiet_as_in_one_encode() -> None:
    pcms, pause = sentences(5, 0.8), 3308
    pieces, cursors = stream(pcms, pause)
    live, once = heard(b"".join(pieces)), encoded_at_once(pcms, pause, RATE)

    for cursor in cursors[1:]:
        seam = cursor.frames_done * samples_per_frame(RATE)
        near = slice(seam - 60, seam + 60)
        assert np.abs(live[near]).max() < 2 * np.abs(once[near]).max() + 0.001


def test_live_goes_on_with_the_same_bytes_after_a_takeover() -> None:
    pcms, pause = sentences(4, 0.8), 6000
    pieces, _ = stream(pcms, pause)
    places = placed(pcms, pause)

    for position in range(1, 4):
        cursor = cursor_after(pause, places[position].start, RATE)
        again = []
        for pcm in pcms[position:]:
            piece, cursor = live_piece(cursor, pcm, pause, RATE)
            again.append(piece)
        assert [*again, live_end(cursor, RATE)] == pieces[position:]


@pytest.mark.parametrize("pause", [0, 400, 1100, 1500])
def test_without_a_proper_pause_only_the_end_of_a_sentence_suffers(pause: int) -> None:
    pcms = sentences(4, 0.9)
    pieces, _ = stream(pcms, pause)
    live, planned = heard(b"".join(pieces)), wave_of(whole(pcms, pause))

    for place in placed(pcms, pause):
        stretch = slice(place.start, place.start + place.samples - 1700)
        assert alike(live[stretch], planned[stretch]) > 0.98
    assert np.abs(live).max() < 0.5


def test_the_head_carries_title_and_notice() -> None:
    pieces, _ = stream(sentences(1), 5000)
    with av.open(io.BytesIO(live_head(TAGS) + b"".join(pieces))) as container:
        told = dict(container.metadata)

    assert told["title"] == TAGS.title
    assert told["comment"] == TAGS.notice
    assert told["digitalSourceType"] == TAGS.digital_source_type.uri
