"""A Python with Wagtail in it: the one named, the one that runs, or an environment below /tmp, made once."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

VERSION = os.environ.get("WAGTAIL_VERSION", "8.0.1")
PACKAGES = (f"wagtail=={VERSION}", "gunicorn>=23")


def folder() -> Path:
    """Where the environment of this version is kept."""
    return Path(tempfile.gettempdir()) / f"wagtail-{VERSION}-venv"


@cache
def python() -> str | None:
    """A Python that can import Wagtail; None if there is none yet."""
    named = os.environ.get("WAGTAIL_PYTHON", "")
    candidates = [named] if named else [sys.executable, str(folder() / "bin" / "python")]
    return next((found for found in candidates if _has_wagtail(found)), None)


def made() -> str:
    """The same, installed from the package registry where it is missing. Raises CalledProcessError if it can't be."""
    found = python()
    if found and _imports(found, "gunicorn"):
        return found
    target = folder() / "bin" / "python"
    if not target.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder())], check=True, timeout=120)
    install = [str(target), "-m", "pip", "install", "-q", "--disable-pip-version-check", *PACKAGES]
    subprocess.run(install, check=True, timeout=400, capture_output=True)
    python.cache_clear()
    return str(target)


def _has_wagtail(path: str) -> bool:
    return bool(path) and Path(path).exists() and _imports(path, "wagtail")


def _imports(path: str, name: str) -> bool:
    seen = subprocess.run([path, "-c", f"import {name}"], capture_output=True, check=False, timeout=60)
    return seen.returncode == 0
