"""Which Pythons this project says it runs on, and where they are on this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.parts.places import ROOT

_PROBE = "import ensurepip, sqlite3, ssl, sys; print('.'.join(map(str, sys.version_info[:3])))"


class Failed(Exception):
    """A step didn't do what it should."""


def supported() -> tuple[str, ...]:
    """Every minor version within `requires-python`, the oldest first."""
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    bounds = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", stated)
    assert bounds, f"requires-python must name both bounds, such as >=3.11,<3.14; it says {stated}"
    return tuple(f"3.{minor}" for minor in range(int(bounds[1]), int(bounds[2])))


def find_python(version: str) -> tuple[str, str] | None:
    """(path, whole version) of a Python that can make environments; None: this machine has none.

    pyenv's own come first, the newest of them: Debian's may lack ensurepip.
    """
    for path in _candidates(version):
        told = _version_of(path)
        if told and told.startswith(f"{version}."):
            return path, told
    return None


def _candidates(version: str) -> Iterator[str]:
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    names = [path for path in root.glob(f"{version}.*") if re.fullmatch(r"[\d.]+", path.name)]
    for folder in sorted(names, key=lambda path: [int(part) for part in path.name.split(".")], reverse=True):
        yield str(folder / "bin" / "python3")
    for name in (f"python{version}", "python3"):
        if found := shutil.which(name):
            yield found
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        yield sys._base_executable  # type: ignore[attr-defined]  # what made this environment


def _version_of(path: str) -> str:
    try:
        done = subprocess.run([path, "-c", _PROBE], text=True, capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
