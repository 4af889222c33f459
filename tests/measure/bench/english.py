"""The default voice for English beside bare Piper, on the same text in one run: CPU, speed, first sound, memory."""

from __future__ import annotations

import statistics

from tests.measure.bench.bare import sentences_of
from tests.measure.bench.processes import slot_pss_mb, tree_peak_mb
from tests.measure.bench.setting import Bench, first_audio_s, forget_segments, render
from tests.measure.bench.texts import named, retitled, salted, spoken_text
from tests.measure.figures import Figure, Rows, median

_SLOT = ("worker", "engine child")


def english_beside_bare(bench: Bench) -> list[Figure | Rows]:
    """In a service of its own, with one slot and its default settings: no voice is named."""
    sentences = sentences_of(spoken_text(bench.article))
    bares, ours, waits = [], [], []
    with bench.fresh("english", worker_slots=1) as service:
        render(service, named(salted(bench.article, 3000), "warm-up"))
        for turn in range(bench.rounds):
            bares.append(bench.bare.speak(sentences))
            bench.step("bare Piper")
            forget_segments(service)
            ours.append(render(service, named(bench.article, bench.new_name())))
            bench.step("the service, English")
            article = named(retitled(bench.article, 3001 + turn), bench.new_name())
            seconds, job = first_audio_s(service, article)
            waits.append(seconds)
            service.ended(job["id"])
            bench.step("first sound, English")
        peaks, shared_once_mb = tree_peak_mb(service.process.pid), slot_pss_mb(service.process.pid)
    per_minute = [sum(one.cpu_s.values()) / one.audio_s * 60 for one in ours]
    engine = [one.cpu_s["engine child"] / one.audio_s * 60 for one in ours]
    ratios = [cost / bare.cpu_per_minute for cost, bare in zip(per_minute, bares, strict=True)]
    kinds = sorted(ours[0].cpu_s, key=lambda kind: -ours[0].cpu_s[kind])
    slot_mb = sum(peaks[kind] for kind in _SLOT)
    note = ", ".join(f"{kind} {peaks[kind]:.0f} MB" for kind in _SLOT)
    return [
        median("English default: CPU of all processes per audio minute / bare Piper", ratios, "", target=0.25),
        median("  ours, CPU-s per audio minute", per_minute, "s"),
        median("  its engine child, CPU-s per audio minute", engine, "s"),
        median("  bare Piper, CPU-s per audio minute", [one.cpu_per_minute for one in bares], "s"),
        median("  one article, times real time", [one.audio_s / one.wall_s for one in ours], "", target=120, sense="≥"),
        median("English default: POST to the first audio byte, warm, idle", waits, "s", target=0.12),
        median("English default: peak memory of a slot", [slot_mb], "MB", target=350, note=note),
        median("  a slot at the end, with its share of what processes share (PSS)", [shared_once_mb], "MB"),
        Rows(
            name="English default: CPU per audio minute by process",
            unit="CPU-s",
            rows=tuple((kind, statistics.median(one.cpu_s[kind] / one.audio_s * 60 for one in ours)) for kind in kinds),
            total=statistics.median(per_minute),
            note="medians",
        ),
    ]
