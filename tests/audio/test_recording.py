"""What of a recording is measured and levelled: its voice, whatever its channels, format and offset."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.parts.recordings import save, spoken
from tts_service.audio.recording import RATE_HZ, read_recording

SECONDS = 4
VOICE = spoken(SECONDS)


@pytest.mark.parametrize("name", ["sent.wav", "sent.mp3", "sent.ogg", "sent.flac"])  # FFmpeg's AAC makes noise of it
def test_an_offset_is_removed_before_anything_is_measured(tmp_path: Path, name: str) -> None:
    folders = tmp_path / "plain", tmp_path / "offset"
    for folder in folders:
        folder.mkdir()
    plain = read_recording(save(folders[0] / name, VOICE))
    moved = read_recording(save(folders[1] / name, VOICE + np.float32(0.4)), tmp_path / "pcm")
    assert moved.loudness_lufs == pytest.approx(plain.loudness_lufs, abs=0.5)
    inside = slice(20, -20)  # an encoder fades the offset in and out
    assert float(moved.peaks[inside].max()) == pytest.approx(float(plain.peaks[inside].max()), abs=0.02)
    kept = np.fromfile(tmp_path / "pcm", np.int16)[RATE_HZ // 2 :]
    assert abs(float(kept.mean())) < 10


def test_equal_channels_are_as_loud_as_one_and_never_clipped(tmp_path: Path) -> None:
    loud = VOICE * np.float32(0.95 / np.abs(VOICE).max())
    alone = read_recording(save(tmp_path / "mono.wav", loud))
    both = read_recording(save(tmp_path / "both.wav", loud, channels=2, both=True))
    assert both.loudness_lufs == pytest.approx(alone.loudness_lufs, abs=0.1)
    assert float(both.peaks.max()) == pytest.approx(float(alone.peaks.max()), abs=0.01)
