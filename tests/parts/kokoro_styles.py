"""Kokoro's styles, where a developer has fetched them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parts.places import ROOT
from tts_service.engines.kokoro import STYLES_FOLDER, KokoroEngine

FETCHED = ROOT / ".tts-data" / "voices"
"""The voices folder that `make kokoro-styles` fills."""


def with_styles(voices_folder: Path) -> Path:
    """The voices folder, with the styles in it if they were fetched."""
    styles = FETCHED / STYLES_FOLDER
    if styles.is_dir():
        (voices_folder / STYLES_FOLDER).symlink_to(styles)
    return voices_folder


def kokoro(voices_folder: Path) -> KokoroEngine:
    """The engine; without its packages or styles the test is skipped."""
    try:
        return KokoroEngine(with_styles(voices_folder))
    except ImportError as error:
        pytest.skip(f"kokoro: {error}")
