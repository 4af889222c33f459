"""Builds wheel and source distribution from a copy of the checkout, and compares what is in them."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from tests.measure.pythons.found import Failed
from tests.parts.places import ROOT

PACKAGES = ("tts_service", "workers")
ONLY_IN_CHECKOUT = {"tts_service/locale/babel.cfg"}
"""What only `make messages` reads."""


def checkout_files() -> list[str]:
    """Files of the checkout, with new ones that git doesn't ignore."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in sorted(filter(None, listed.split("\0"))) if (ROOT / name).is_file()]


def copy_checkout(folder: Path) -> Path:
    """A copy as a fresh clone would be: in the checkout itself, an earlier build may hold modules that are gone."""
    for name in checkout_files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder


def build_wheel(source: Path, out: Path) -> Path:
    """Builds in an environment of its own, as pip does. Raises Failed."""
    _build("--wheel", source, out)
    return next(out.glob("*.whl"))


def build_sdist(source: Path, out: Path) -> Path:
    _build("--sdist", source, out)
    return next(out.glob("*.tar.gz"))


def unpack_sdist(sdist: Path, folder: Path) -> Path:
    """The folder with the sources."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    return next(folder.iterdir())


def contents(wheel: Path) -> dict[str, str]:
    """SHA-256 by name. Without RECORD, which has the same again."""
    with zipfile.ZipFile(wheel) as archive:
        return {
            name: hashlib.sha256(archive.read(name)).hexdigest()
            for name in archive.namelist()
            if not name.endswith(("/RECORD", "/"))
        }


def faults_of(wheel: Path) -> list[str]:
    """Files of the packages that the wheel lacks or has otherwise, and files that it shouldn't have."""
    inside = contents(wheel)
    wanted = {
        name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
        for name in checkout_files()
        if name.partition("/")[0] in PACKAGES and name not in ONLY_IN_CHECKOUT
    }
    told = {f"*.dist-info/licenses/{name}" for name in ("LICENSE", "NOTICE")}
    has = {f"*.dist-info/{name.partition('.dist-info/')[2]}" for name in inside if ".dist-info/" in name}
    return [
        *(f"lacks {name}" for name in sorted(wanted.keys() - inside.keys())),
        *(f"has another {name}" for name in sorted(wanted.keys() & inside.keys()) if wanted[name] != inside[name]),
        *(f"has {name}" for name in sorted(inside.keys() - wanted.keys()) if ".dist-info/" not in name),
        *(f"lacks {name}" for name in sorted(told - has)),
    ]


def _build(kind: str, source: Path, out: Path) -> None:
    # uv, since pip takes three times as long to set up the build's environment.
    command = [sys.executable, "-m", "uv", "build", "-q", kind, "-o", str(out), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"{kind} can't be built: {done.stderr.strip()[-800:]}")
