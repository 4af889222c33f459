"""`make sabotage`: one-line breakages, each applied alone to a copy; each must turn its named test red.

A breakage that no test notices is a hole in the suite: the command fails and names it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.progress import track

from tests.breakages import BREAKAGES, Breakage

ROOT = Path(__file__).resolve().parent.parent
_SECONDS = 120


def run_tests(folder: Path, tests: list[str]) -> subprocess.CompletedProcess[str]:
    """Run the named tests in a copy, with the copy's own code."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    return subprocess.run(command, cwd=folder, text=True, capture_output=True, timeout=_SECONDS, check=False)


def apply(breakage: Breakage, folder: Path) -> None:
    """Change the one place. Raises AssertionError when it isn't there exactly once any more."""
    path = folder / breakage.file
    text = path.read_text("utf-8")
    assert text.count(breakage.old) == 1, f"{breakage.name}: {breakage.old!r} stands {text.count(breakage.old)} times"
    path.write_text(text.replace(breakage.old, breakage.new), "utf-8")


def noticed(breakage: Breakage, folder: Path) -> str:
    """'' when the named test turned red; otherwise what happened instead."""
    for name in ("tts_service", "workers", "tests"):
        shutil.rmtree(folder / name, ignore_errors=True)
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    apply(breakage, folder)
    try:
        done = run_tests(folder, [breakage.test])
    except subprocess.TimeoutExpired:
        return f"the test hung for {_SECONDS} s"
    if done.returncode == 1:
        return ""
    return f"the test ended with {done.returncode}: {done.stdout[-300:]}{done.stderr[-300:]}"


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="sabotage-") as name:
        folder = Path(name)
        for file in ("pyproject.toml", "README.md"):
            shutil.copy(ROOT / file, folder / file)
        shutil.copytree(ROOT / "samples", folder / "samples")
        print(f"{len(BREAKAGES)} breakages; first the named tests on the code as it is …", flush=True)
        for part in ("tts_service", "workers", "tests"):
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        fine = run_tests(folder, sorted({breakage.test for breakage in BREAKAGES}))
        if fine.returncode != 0:
            print(f"The tests are not green before any breakage:\n{fine.stdout[-2000:]}")
            return 1
        missed = []
        for breakage in track(BREAKAGES, "Breaking"):
            if reason := noticed(breakage, folder):
                missed.append(f"NOT NOTICED  {breakage.name}: {reason}")
    print("\n".join(missed) or f"All {len(BREAKAGES)} breakages were noticed.")
    print(f"{len(BREAKAGES) - len(missed)} passed, {len(missed)} failed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
