"""Where Chromium is, and how tests start it."""

from __future__ import annotations

import shutil

import pytest

SHELL = "chromium-headless-shell"
"""Chromium without windows: the same pages take half the CPU time of a full one that hides its windows."""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--mute-audio",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    """Path of an installed Chromium; None: there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


NEEDED = pytest.mark.skipif(find() is None, reason="no Chromium on this machine: apt-get install chromium")
"""Marks tests that need it."""
