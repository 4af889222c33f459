"""Memory of a long article beside a short one, and live beside final loudness."""

from __future__ import annotations

import io

from tests.measure.bench.processes import tree_peak_mb
from tests.measure.bench.setting import Bench, forget_segments, render
from tests.measure.bench.texts import ESPEAK, PIPER, long_article, named
from tests.measure.figures import Figure, Rows, median
from tests.measure.hear.sound import decoded

_MINUTES_A_TURN = 4.9
"""What the sample takes to speak with espeak, roughly."""
_WATCHED = ("worker", "engine child", "api")


def memory(bench: Bench) -> list[Figure | Rows]:
    """Greatest resident memory of each process: a 60-minute article minus a 5-minute one."""
    short_s, short = _peaks(bench, "short", 5)
    long_s, long = _peaks(bench, "long", 60)
    grown = {kind: long[kind] - short[kind] for kind in _WATCHED}
    note = f"{long_s / 60:.0f} against {short_s / 60:.1f} minutes, pyttsx3; " + ", ".join(
        f"{kind} {short[kind]:.0f} → {long[kind]:.0f} MB" for kind in _WATCHED
    )
    return [
        median(
            "peak memory per process, 60-minute article minus 5-minute article (greatest)",
            [max(grown.values())],
            "MB",
            target=15,
            note=note,
        )
    ]


def _peaks(bench: Bench, name: str, minutes: int) -> tuple[float, dict[str, float]]:
    """(seconds of audio, peaks by kind) of one article in a service of its own."""
    article = named(long_article(bench.article, max(1, round(minutes / _MINUTES_A_TURN))), name)
    with bench.fresh(name, worker_slots=1, warm_voices="") as service:
        done = render(service, article, 300, voice=ESPEAK)
        bench.step(f"{minutes} minutes")
        return done.audio_s, tree_peak_mb(service.process.pid)


def loudness(bench: Bench) -> list[Figure | Rows]:
    """The stream that was heard while rendering beside the finished file, by a meter that isn't ours."""
    figures: list[Figure | Rows] = []
    for voice, label in ((PIPER, "Piper"), (ESPEAK, "pyttsx3")):
        forget_segments(bench.service)
        article = named(bench.article, bench.new_name()) | {"language": "en-US"}
        done = render(bench.service, article, voice=voice)
        clip, revision = done.job["clip"]["id"], done.job["clip"]["revision"]
        with bench.service.client() as client:
            live = client.get(f"/v1/clips/{clip}/live.mp3", params={"r": revision}).raise_for_status().content
            final = client.get(f"/v1/clips/{clip}/audio.mp3", follow_redirects=True).raise_for_status().content
        heard, finished = (decoded(io.BytesIO(mp3)).lufs for mp3 in (live, final))
        note = f"live {heard:.2f} LUFS, final {finished:.2f} LUFS (pyloudnorm)"
        figures.append(
            median(f"live beside final loudness, {label}", [abs(heard - finished)], "LU", target=1, note=note)
        )
        bench.step(f"loudness, {label}")
    return figures
