"""Figures of `make listen`: what files say of themselves, which changes are noticed, and what marking costs."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.measure.bench.texts import ESPEAK, PIPER
from tests.measure.figures import Figure, exact, median
from tests.parts.factories import make_settings
from tests.parts.signed_files import (
    RECORD,
    SIGNED,
    audio_bytes,
    credentials,
    flipped,
    manifest_bytes,
    plain_file,
    tag_bytes,
)
from tts_service.commands.to_file import speak_to_file
from tts_service.provenance.read_back import State, confirm, read_disclosure
from tts_service.provenance.sign import Seal, sidecar
from tts_service.values import Article, SourceFormat

PLACES = 300
"""Bits changed in the sound and again in the tags of each file."""
TEXT = (
    "The ferry of Elmsworth runs again. Since Friday it crosses the river every twenty minutes.\n\n"
    "Four hundred commuters used the first boats, the harbour office said."
)
_TIMES = 9
_SECONDS = 60.0
_HOUR_S, _PIECE_S = 3600, 1.0


def figures() -> Iterator[Figure]:
    """All of them; needs both engines and takes about two minutes."""
    with tempfile.TemporaryDirectory(prefix="tts-provenance-") as folder:
        files = list(_spoken(Path(folder)))
        yield _read_back(files)
        yield from _noticed(files)
        yield from _costs(Path(folder))
        yield from _of_an_hour()


def _spoken(folder: Path) -> Iterator[Path]:
    """A real clip by each engine in each format, as `tts-service speak` makes it."""
    settings = make_settings(folder)
    article = Article(
        site="gazette",
        external_id="1",
        source=TEXT,
        source_format=SourceFormat.TEXT,
        language="en",
        title="The ferry runs",
        author="A. Writer",
        url="https://gazette.example/ferry",
    )
    for voice in (PIPER, ESPEAK):
        for form in SIGNED:
            path = folder / f"{voice.partition(':')[0]}.{form}"
            speak_to_file(article, path, voice, settings)
            yield path


def _read_back(files: list[Path]) -> Figure:
    wanted = {"piper": "/trainedAlgorithmicMedia", "pyttsx3": "/algorithmicMedia"}
    fine = [
        path
        for path in files
        if (told := read_disclosure(path)).state is State.UNALTERED
        and (told.source_type or "").endswith(wanted[path.stem])
        and any((told.source_type or "?") in text for text in told.tags.values())
    ]
    return Figure(
        name="files whose provenance reads back",
        value=len(fine),
        unit="",
        low=0,
        high=len(files),
        target=len(files),
        sense="=",
        note=f"{', '.join(SIGNED)} (manifest beside it) by Piper and espeak; manifest and tags agree",
    )


def _noticed(files: list[Path]) -> Iterator[Figure]:
    where = (("the sound", audio_bytes, PLACES), ("the tags", tag_bytes, PLACES), ("the manifest", manifest_bytes, 100))
    for name, places_of, count in where:
        # Opus has its manifest in another file.
        states = {path: Counter(flipped(path, at, count)) for path in files if len(at := places_of(path))}
        shares = [100 * (1 - state[State.UNALTERED] / count) for state in states.values()]
        covered = name != "the manifest"
        yield Figure(
            name=f"one bit changed in {name}: noticed",
            value=sum(shares) / len(shares),
            unit="%",
            low=min(shares),
            high=max(shares),
            times=count * len(states),
            target=100 if covered else None,
            sense="=",
            note=", ".join(sorted(path.name for path in states))
            if covered
            else "for information: C2PA doesn't cover the padding in it",
        )


def _costs(folder: Path) -> list[Figure]:
    """CPU of this thread for one minute of sound: sign, and read back and confirm."""
    given = credentials(folder)
    found = []
    for form in SIGNED:
        spent, added = [], []
        for _ in range(_TIMES):
            path = plain_file(folder, form, _SECONDS)
            before, began = path.stat().st_size, time.thread_time()
            Seal(RECORD, "The ferry runs", given)(path, form)
            confirm(path, RECORD)
            spent.append((time.thread_time() - began) * 1000)
            beside = sidecar(path).stat().st_size if sidecar(path).exists() else 0
            added.append(path.stat().st_size + beside - before)
        found.append(median(f"CPU to sign and confirm a minute of {form}", spent, "ms"))
        found.append(median(f"  bytes it adds to {form}", added, "B"))
    return found


def _of_an_hour() -> list[Figure]:
    """What signing an hour of MP3 costs, in a process that did nothing else before."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.measure.listen.provenance"], capture_output=True, text=True, check=True
    )
    cpu_ms, own, apart = map(float, done.stdout.split())
    return [
        exact(
            name="CPU to sign and confirm an hour of mp3", value=cpu_ms, unit="ms", note="with the processes it starts"
        ),
        exact(name="  memory by which the worker grows", value=own, unit="MB"),
        exact(
            name="  memory of the process that does it, for a moment",
            value=apart,
            unit="MB",
            note="C2PA hashes the file in one piece",
        ),
    ]


def _an_hour() -> tuple[float, float, float]:
    """(CPU ms, MB more than before, MB of the greatest process it started) of one signature."""
    with tempfile.TemporaryDirectory(prefix="tts-provenance-") as folder:
        path = plain_file(Path(folder), "mp3", _PIECE_S)  # little, so that making it takes no memory worth the name
        piece = path.read_bytes()[audio_bytes(path)[0] :]
        with path.open("ab") as file:
            for _ in range(round(_HOUR_S / _PIECE_S) - 1):
                file.write(piece)
        given = credentials(Path(folder))
        before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, _cpu_s()
        Seal(RECORD, "An hour", given)(path, "mp3")
        confirm(path, RECORD)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        greatest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        return (_cpu_s() - began) * 1000, grown / 1024, greatest / 1024


def _cpu_s() -> float:
    """CPU of this process and of those it waited for."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


if __name__ == "__main__":
    print(*_an_hour())
