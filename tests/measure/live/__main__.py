"""`make live`: three listeners follow a clip while it is made, and everything happens that can happen to them.

    python -m tests.measure.live

In a real Chromium, with the real service: the first listener's line is cut when a third is there, and mended; the
listener goes back five seconds; the worker that renders dies by kill -9 and another one takes over; all move over to
the finished file and listen to its end. What came out of each browser is recorded and held against the clip's
sentences. Workers are held (SIGSTOP) while something happens to listeners, so that no figure hangs on their speed.
Takes as long as the clip sounds, about two minutes. Ends with 1 when a figure isn't reached.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser
from rich.console import Console

from tests.measure.figures import Figure, exact, keep, show
from tests.measure.live.calls import Calls, counted
from tests.measure.live.recording import RECORD, Sentence, Verdict, Wave, recording, sentences_of, verdict
from tests.parts.held_worker import held
from tests.parts.player_pages import Line, Seat, seated, started
from tests.parts.service import Running, running

SENTENCES = 42
"""About two and a half minutes by Piper, the title not counted."""
_THIRD = SENTENCES // 3
_BACK_S = 5.0
_HEARD_BEFORE_S = 8.0
"""Of the clip, before the first listener goes back."""
_PLAYS = "player.sound.audio.currentTime > 0.05 && !player.sound.audio.paused"
_END_S = 240.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listened:
    """What three listeners got, and what it cost."""

    sentences: list[Sentence]
    stream: bytes
    """live.mp3 as the service has it at the end."""
    got: list[tuple[bytes, Wave]]
    """(bytes fed to the player, sound that came out) of each."""
    back: tuple[float, float]
    """The first listener went from this second of the clip to that one."""
    calls: list[tuple[int, str]]
    killed: int
    """Process that was killed."""
    claims: int
    """How often the job was claimed."""


def main() -> int:
    """Measure, print, keep."""
    argparse.ArgumentParser(description="Listen to a clip while it is made").parse_args()
    console = Console(width=None if sys.stdout.isatty() else 140)
    found = figures()
    machine = f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}"
    show(console, found, machine)
    for line in keep(found, machine):
        print(line)
    return 0 if all(figure.reached for figure in found) else 1


def figures() -> list[Figure]:
    """All of them."""
    with (
        tempfile.TemporaryDirectory(prefix="tts-live-") as folder,
        counted(Path(folder) / "calls") as calls,
        running(Path(folder) / "d", lease_s=6, sweep_s=2, worker_slots=2) as service,
        started() as browser,
    ):
        listened = listen(browser, service, calls)
    verdicts = [
        verdict(wave, listened.sentences, listened.back if number == 0 else None)
        for number, (_, wave) in enumerate(listened.got)
    ]
    return [*_of_sound(verdicts), *_of_work(listened)]


def text() -> str:
    """Sentences of which no two are alike: one that is repeated must be told from one that comes twice."""
    who = (
        "The harbour master",
        "A baker from the hills",
        "Her youngest daughter",
        "The school choir",
        "An old pilot",
        "Nobody on the pier",
        "The night watchman",
    )
    what = ("counted", "painted", "forgot", "carried home", "sold", "repaired")
    whom = (
        "seven wooden boats",
        "the letters of the week",
        "a basket of pears",
        "every lamp along the wall",
        "the blue ribbon",
        "two heavy anchors",
        "the bell of the ferry",
    )
    when = ("before dawn", "while it rained", "without a word", "in the second week of May", "for the museum")
    every = [
        f"{who[n % 7]} {what[n % 6]} {whom[(n * 3 + n // 7) % 7]} {when[(n + n // 6) % 5]}." for n in range(SENTENCES)
    ]
    assert len(set(every)) == SENTENCES
    return "\n\n".join(" ".join(every[at : at + 3]) for at in range(0, SENTENCES, 3))


def listen(browser: Browser, service: Running, calls: Calls) -> Listened:
    """Everything that happens, in order; each step waits for a state."""
    _warm(service)
    before = len(calls())
    article = {"site": "g", "id": "live", "title": "The ferry, live", "language": "en", "text": text()}
    job = service.post(article)
    clip = str(job["clip"]["id"])
    line = Line(service)
    with ExitStack() as seats:
        listeners = [seats.enter_context(seated(browser, service, bypass_csp=True)) for _ in range(3)]
        listeners[0].service = replace(service, url=line.url)
        with held(service, job["id"], _THIRD) as go_on:
            for seat in listeners:
                seat.page.add_init_script(RECORD)
                seat.open(f"/embed/{clip}", state="rendering")
                seat.press()
            for seat in listeners:
                seat.wait(_PLAYS)
            killed = _kill_owner(service, job["id"])
            _cut_and_mend(listeners[0], line)
            back = _go_back(listeners[0])
            go_on()
        for seat in listeners:
            seat.wait("player.state === 'ready' && !player.sound.live", seconds=_END_S)
        for seat in listeners:
            seat.wait("player.sound.audio.ended", seconds=_END_S)
        got = [recording(seat) for seat in listeners]
    line.close()
    sentences, stream = _made(service, clip)
    claims = int(_row(service, job["id"])["fence"])
    return Listened(
        sentences=sentences, stream=stream, got=got, back=back, calls=calls()[before:], killed=killed, claims=claims
    )


def _warm(service: Running) -> None:
    """Each worker has its voice before anything is timed by listeners."""
    text = {"site": "g", "id": "warm", "title": "Warm", "language": "en", "text": "Hello there, good morning."}
    assert service.ended(service.post(text)["id"])["state"] == "succeeded"


def _cut_and_mend(seat: Seat, line: Line) -> None:
    line.break_off()
    seat.wait("player.problem === 'lost'")
    line.mend()


def _go_back(seat: Seat) -> tuple[float, float]:
    """Five seconds, while the clip is made; (from, to) in seconds of the clip."""
    seat.wait(f"player.sound.time > {_HEARD_BEFORE_S}", seconds=30)
    left, came = seat.ask(
        "((from) => { player.goTo(from - given); return [from, player.sound.time]; })(player.sound.audio.currentTime)",
        _BACK_S,
    )
    assert seat.ask("player.sound.live"), "the clip was finished before anybody could go back"
    return float(left), float(came)


def _kill_owner(service: Running, job_id: str) -> int:
    """kill -9 for the process that renders the job. Returns its id."""
    owner = str(_row(service, job_id)["lease_owner"])
    pid = int(owner.split("|")[1])
    assert pid in service.pids(), f"{owner} is no process of this service"
    os.kill(pid, signal.SIGKILL)
    return pid


def _row(service: Running, job_id: str) -> dict[str, Any]:
    """The job as the database has it: what the API doesn't tell."""
    with closing(sqlite3.connect(service.data / "tts.sqlite3")) as database:
        database.row_factory = sqlite3.Row
        return dict(database.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone())


def _made(service: Running, clip: str) -> tuple[list[Sentence], bytes]:
    with service.client() as client:
        finished = client.get(f"/v1/clips/{clip}/r/1/audio.mp3").raise_for_status().content
        marks = client.get(f"/v1/clips/{clip}/r/1/marks.json").raise_for_status().json()
        stream = client.get(f"/v1/clips/{clip}/live.mp3?r=1").raise_for_status().content
    return sentences_of(finished, marks), stream


def _of_sound(verdicts: Sequence[Verdict]) -> list[Figure]:
    heard = f"{' + '.join(str(one.heard) for one in verdicts)} sentences heard by three; one of them went back 5 s"
    places = ", ".join(str(one.gap_behind + 1) for one in verdicts)
    missing = [float(one.missing) for one in verdicts]
    repeated = [float(one.repeated) for one in verdicts]
    return [
        _worst("sentences missing in what came out of the browser", missing, "", 0, note=heard),
        _worst("sentences repeated in it", repeated, "", 0),
        _worst(
            "gap, or sound lost, between two sentences",
            [one.gap_ms for one in verdicts],
            "ms",
            50,
            note=f"over the cut line, the takeover and the move to the finished file; behind sentences {places}",
        ),
        _worst(
            "step of level from one sentence to the next",
            [one.step_db for one in verdicts],
            "LU",
            1,
            note="against the finished file's level",
        ),
    ]


def _of_work(listened: Listened) -> list[Figure]:
    fed = [bytes_fed for bytes_fed, _ in listened.got]
    wrong = [float(not listened.stream.startswith(one)) for one in fed]
    calls, lost = _calls(listened)
    planned = len(listened.sentences)
    return [
        _worst(
            "listeners fed other bytes than live.mp3's, in order",
            [sum(wrong)],
            "",
            0,
            note=f"{', '.join(str(len(one)) for one in fed)} of {len(listened.stream)} bytes",
        ),
        exact(
            name="engine calls",
            value=calls,
            target=planned,
            sense="=",
            note=f"{planned} sentences, 3 listeners; {lost} whose sound died with the killed worker left out",
        ),
        Figure(
            name="times the job was claimed",
            value=listened.claims,
            unit="",
            low=0,
            high=0,
            target=2,
            sense="≥",
            note="another worker took over",
        ),
    ]


def _calls(listened: Listened) -> tuple[int, int]:
    """Calls that gave sound, without one that the killed worker couldn't keep any more; and whether there was one."""
    said = [text for _, text in listened.calls]
    last = [text for pid, text in listened.calls if pid == listened.killed][-1:]
    lost = int(bool(last) and said.count(last[0]) > 1)
    return len(said) - lost, lost


def _worst(name: str, values: Sequence[float], unit: str, target: float, note: str = "") -> Figure:
    return Figure(
        name=name,
        value=max(values),
        unit=unit,
        low=min(values),
        high=max(values),
        times=len(values),
        target=target,
        sense="≤",
        note=note,
    )


if __name__ == "__main__":
    raise SystemExit(main())
