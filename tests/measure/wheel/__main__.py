"""`make wheel-check`: the package as others get it, outside the checkout.

Wheel and source distribution are built and compared. The wheel is installed into a fresh environment and makes the
whole journey. The Dockerfile's steps are executed in order, and docker-compose.yml's commands start on their result.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.measure.pythons.found import Failed
from tests.measure.pythons.steps import LOGS, ROOT, Bench
from tests.measure.wheel import journey
from tests.measure.wheel.built import build_sdist, build_wheel, contents, copy_checkout, faults_of, unpack_sdist
from tests.measure.wheel.compose import read_services, start_together
from tests.measure.wheel.dockerfile import Image, execute


class Check:
    """The steps in order, each on what the ones before left."""

    def __init__(self, folder: Path) -> None:
        self.bench = Bench("wheel", sys.executable, folder)
        self.source = copy_checkout(folder / "source")
        self.wheel, self.image = Path(), Image(root=folder, environment={}, workdir=folder)

    def builds(self) -> str:
        """Both are built; the source distribution makes the same wheel; every file of the packages is in it."""
        folder = self.bench.folder
        self.wheel = build_wheel(self.source, folder / "wheel")
        again = build_wheel(
            unpack_sdist(build_sdist(self.source, folder / "sdist"), folder / "unpacked"), folder / "again"
        )
        first, second = contents(self.wheel), contents(again)
        if different := sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name)):
            raise Failed(f"the source distribution makes another wheel: {', '.join(different[:5])}")
        if faults := faults_of(self.wheel):
            raise Failed(f"the wheel {'; '.join(faults[:5])}")
        return f"{len(first)} files, the same from the source distribution"

    def dockerfile(self) -> str:
        self.image = execute(self.bench, self.source, self.bench.folder / "image")
        for line in self.image.left_out:
            print(f"  not executed: {line}")
        return f"{len(self.image.executed)} steps executed, {len(self.image.left_out)} not"

    def compose(self) -> str:
        folder = self.bench.folder / "compose"
        folder.mkdir()
        text = (self.source / "docker-compose.yml").read_text("utf-8")
        services = read_services(text, {"TTS_POSTGRES_PASSWORD": "for-this-check"})
        return start_together(services, self.image, folder)

    def parts(self, only: str | None) -> Iterator[tuple[str, Callable[[], str]]]:
        if only != "docker":
            yield "builds", self.builds
            yield "install", lambda: journey.install(self.bench, self.wheel)
            yield "demo", lambda: journey.whole_demo(self.bench)
            yield "service", lambda: journey.service(self.bench)
            yield "migrations", lambda: journey.migrations(self.bench)
        if only != "journey":
            yield "Dockerfile", self.dockerfile
            yield "docker-compose.yml", self.compose


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", choices=("journey", "docker"), help="the package, or Dockerfile and docker-compose.yml"
    )
    only = parser.parse_args().only
    passed = 0
    folder = Path(tempfile.mkdtemp(prefix="tts-wheel-"))
    folder.chmod(0o755)  # PostgreSQL runs as another user when root starts it
    try:
        steps = list(Check(folder).parts(only))
        for name, step in steps:
            began = time.monotonic()
            try:
                said = step()
            except (Exception, SystemExit) as error:  # noqa: BLE001 - each ends the check, and is told
                print(f"{name}: FAILED: {type(error).__name__}: {error}")
                print(f"What the steps said is in {LOGS.relative_to(ROOT)}/wheel.log.")
                break
            passed += 1
            print(f"{name}: {said}, {time.monotonic() - began:.0f} s", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {len(steps) - passed} failed or not run")
    return 0 if passed == len(steps) else 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended from outside."))  # so that what was started ends, too
    sys.exit(main())
