"""Where Chromium is."""

from __future__ import annotations

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """Path of an installed Chromium; None: there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)
