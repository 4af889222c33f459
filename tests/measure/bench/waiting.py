"""How long a listener or a newsroom waits: first sound, idle and under load; the same again; one sentence changed."""

from __future__ import annotations

import statistics
import time
from typing import Any

from tests.measure.bench.setting import (
    Bench,
    bare_first_s,
    first_audio_s,
    forget_segments,
    render,
    spoken_ever,
)
from tests.measure.bench.texts import PIPER, named, one_sentence_changed, retitled, salted
from tests.measure.figures import Figure, Rows, median, p95
from tests.parts.service import Running

_SHORT_SLICE_S = 5.0
"""Stands for the default of 60 s, so that the measurement ends today."""
_OURS_S = 0.3
_BREAKING_S = 1.5


def first_sound_idle(bench: Bench) -> list[Figure | Rows]:
    """POST to the first audio byte, warm, nothing else to do."""
    waits, bares = [], []
    for turn in range(3 if bench.quick else 7):
        article = named(retitled(_short(bench), 1000 + turn), bench.new_name())
        bares.append(bare_first_s(bench, article["title"]))
        seconds, job = first_audio_s(bench.service, article, voice=PIPER)
        waits.append(seconds)
        bench.service.ended(job["id"])
        bench.step("first sound, idle")
    target = _OURS_S + statistics.median(bares)
    return [
        median(
            "POST to the first audio byte of live.mp3, warm, idle",
            waits,
            "s",
            target=target,
            note=f"first utterance: {len(article['title'].split())} words",
        ),
        median("  bare Piper for that utterance", bares, "s"),
    ]


def first_sound_full(bench: Bench) -> list[Figure | Rows]:
    """The same while a long backfill queue keeps every slot busy."""
    bare_s = bare_first_s(bench, retitled(_short(bench), 2000)["title"])
    with bench.fresh("full", slice_s=_SHORT_SLICE_S) as service:
        _fill(bench, service)
        waits = _probe(bench, service, "normal")
    return [
        p95(
            "POST to the first audio byte under a full backfill queue, p95",
            waits,
            "s",
            target=_SHORT_SLICE_S + _OURS_S + bare_s,
            note=f"slice of {_SHORT_SLICE_S:.0f} s instead of 60 s",
        )
    ]


def first_sound_breaking(bench: Bench) -> list[Figure | Rows]:
    """The same with one slot kept for breaking news."""
    with bench.fresh("breaking", slice_s=_SHORT_SLICE_S, breaking_slots=1) as service:
        _fill(bench, service)
        waits = _probe(bench, service, "breaking")
    return [
        p95("POST to the first audio byte, breaking, one slot kept, full queue, p95", waits, "s", target=_BREAKING_S)
    ]


def same_again(bench: Bench) -> list[Figure | Rows]:
    """The same article posted again: answered from what is there."""
    service = bench.service
    article = named(bench.article, bench.new_name())
    first = render(service, article, voice=PIPER)
    spoken = spoken_ever(service)
    seconds, same = [], True
    for _ in range(5):
        began = time.perf_counter()
        job = service.post(article, voice=PIPER)
        with service.client() as client:
            audio = client.head(f"/v1/clips/{job['clip']['id']}/audio.mp3", follow_redirects=True)
        seconds.append(time.perf_counter() - began)
        same &= job["id"] == first.job["id"] and audio.is_success
        bench.step("same article again")
    if not same:
        raise RuntimeError("the same article got another job, or its clip isn't there")
    return [
        median("same article again: POST until its finished clip answers", seconds, "s", target=0.3),
        median("  utterances spoken for it", [spoken_ever(service) - spoken], "", target=0, sense="="),
    ]


def one_sentence(bench: Bench) -> list[Figure | Rows]:
    """One sentence changed in 600 words."""
    service = bench.service
    forget_segments(service)
    name = bench.new_name()
    whole = render(service, named(bench.article, name), voice=PIPER)
    bench.step("whole article")
    changed = render(service, named(one_sentence_changed(bench.article), name), voice=PIPER)
    bench.step("one sentence changed")
    note = f"{changed.wall_s:.2f} s instead of {whole.wall_s:.2f} s; {whole.total} utterances"
    return [
        median("one sentence changed: utterances spoken", [changed.spoken], "", target=1, sense="="),
        median("  time / whole render", [changed.wall_s / whole.wall_s], "", target=1 / 8, note=note),
        median("  CPU / whole render", [sum(changed.cpu_s.values()) / sum(whole.cpu_s.values())], ""),
    ]


def _short(bench: Bench) -> dict[str, Any]:
    """A headline and a sentence."""
    return {"title": bench.article["title"], "language": "en-US", "text": "That is all that is known so far."}


def _fill(bench: Bench, service: Running) -> None:
    """More backfill than can be spoken while the measurement lasts."""
    for number in range(8):
        service.post(named(salted(bench.article, 100 + number), f"backfill-{number}"), voice=PIPER, priority="backfill")
    began = time.monotonic()
    while time.monotonic() - began < 60:  # until every slot has had its first turn
        if spoken_ever(service) > 4:
            return
        time.sleep(0.2)
    raise RuntimeError("the backfill queue didn't begin")


def _probe(bench: Bench, service: Running, priority: str) -> list[float]:
    waits = []
    for turn in range(3 if bench.quick else 8):
        article = named(retitled(_short(bench), 3000 + turn), f"probe-{turn}")
        seconds, job = first_audio_s(service, article, voice=PIPER, priority=priority)
        waits.append(seconds)
        service.ended(job["id"])
        bench.step(f"first sound, {priority}")
    return waits
