"""`make sabotage`: one-line breakages, each applied alone to a copy; each must turn its named test red.

A breakage that no test notices is a hole in the suite: the command fails and names it.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from rich.progress import track

from tests.breakages import BREAKAGES, Breakage
from tests.parts.places import ROOT

_SECONDS = 120
_SECONDS_OF_ALL = 1800
_AT_ONCE = 2


def run_tests(folder: Path, tests: list[str], seconds: float = _SECONDS) -> subprocess.CompletedProcess[str]:
    """Run the named tests in a copy, with the copy's own code."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    return subprocess.run(command, cwd=folder, text=True, capture_output=True, timeout=seconds, check=False)


def apply(breakage: Breakage, folder: Path) -> None:
    """Change the one place. Raises AssertionError when it isn't there exactly once any more."""
    path = folder / breakage.file
    text = path.read_text("utf-8")
    assert text.count(breakage.old) == 1, f"{breakage.name}: {breakage.old!r} stands {text.count(breakage.old)} times"
    path.write_text(text.replace(breakage.old, breakage.new), "utf-8")


def noticed(breakage: Breakage, folder: Path) -> str:
    """'' when the named test turned red; otherwise what happened instead."""
    apply(breakage, folder)
    try:
        done = run_tests(folder, [breakage.test])
    except subprocess.TimeoutExpired:
        return f"the test hung for {_SECONDS} s"
    finally:
        # Only this file: a fresh copy of everything would be compiled again for each breakage.
        shutil.copyfile(ROOT / breakage.file, folder / breakage.file)
    if done.returncode == 1:
        return ""
    if re.search(r"^\d+ skipped", done.stdout, re.MULTILINE):
        return "NOT RUN: the test is skipped here, a part that it needs is missing"
    return f"the test ended with {done.returncode}: {done.stdout[-300:]}{done.stderr[-300:]}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Break one thing at a time; the named test must notice")
    parser.add_argument("--only", default="", help="breakages whose name or file has this in it")
    only = parser.parse_args().only
    chosen = [breakage for breakage in BREAKAGES if only in breakage.name or only in breakage.file]
    with tempfile.TemporaryDirectory(prefix="sabotage-") as name:
        folders = [copied(Path(name) / str(number)) for number in range(_AT_ONCE)]
        print(f"{len(chosen)} breakages; first the named tests on the code as it is …", flush=True)
        fine = run_tests(folders[0], sorted({breakage.test for breakage in chosen}), _SECONDS_OF_ALL)
        if fine.returncode != 0:
            print(f"The tests are not green before any breakage:\n{fine.stdout[-2000:]}{fine.stderr[-500:]}")
            return 1
        free: SimpleQueue[Path] = SimpleQueue()
        for folder in folders:
            free.put(folder)

        def broken(breakage: Breakage) -> str:
            folder = free.get()
            try:
                reason = noticed(breakage, folder)
            finally:
                free.put(folder)
            return reason and f"NOT NOTICED  {breakage.name}: {reason}"

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            missed = 0
            for line in track(pool.map(broken, chosen), "Breaking", total=len(chosen)):
                if line:
                    missed += 1
                    print(line, flush=True)
    print(f"{len(chosen) - missed} noticed, {missed} not noticed")
    return 1 if missed else 0


def copied(folder: Path) -> Path:
    """A copy of the checkout, without what is made in it."""
    made = (".git", ".venv", ".tts-data", "out", "build", "__pycache__", ".*_cache", "*.egg-info")
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*made))
    return folder


if __name__ == "__main__":
    sys.exit(main())
