"""What an article costs: CPU beside bare Piper, throughput of all cores, and the espeak voice's speed."""

from __future__ import annotations

import os
import statistics
import time
from contextlib import ExitStack

from tests.measure.bench.bare import bare_process, sentences_of
from tests.measure.bench.setting import LONGEST_WAIT_S, Bench, audio_s, forget_segments, job_row, render
from tests.measure.bench.texts import ESPEAK, PIPER, named, salted, spoken_text
from tests.measure.figures import Figure, Rows, median


def cpu_beside_bare(bench: Bench) -> list[Figure | Rows]:
    """CPU of the whole process tree per minute of audio / bare Piper's, alternating."""
    sentences = sentences_of(spoken_text(bench.article))
    service, bare = bench.service, bench.bare
    bares, ours = [], []
    for _ in range(bench.rounds):
        bares.append(bare.speak(sentences))
        bench.step("bare Piper")
        forget_segments(service)
        ours.append(render(service, named(bench.article, bench.new_name()), voice=PIPER))
        bench.step("the service")
    per_minute = [sum(one.cpu_s.values()) / one.audio_s * 60 for one in ours]
    ratios = [cost / one.cpu_per_minute for cost, one in zip(per_minute, bares, strict=True)]
    same_text = [sum(one.cpu_s.values()) / other.cpu_s for one, other in zip(ours, bares, strict=True)]
    kinds = sorted(ours[0].cpu_s, key=lambda kind: -ours[0].cpu_s[kind])
    typical = [(kind, statistics.median(one.cpu_s[kind] / one.audio_s * 60 for one in ours)) for kind in kinds]
    audio = f"{ours[0].audio_s:.0f} s of audio, bare: {bares[0].audio_s:.0f} s (its own pauses)"
    return [
        median("CPU of all processes per audio minute / bare Piper", ratios, "", target=1.15, note=audio),
        median("  ours, CPU-s per audio minute", per_minute, "s"),
        median("  bare Piper, CPU-s per audio minute", [one.cpu_per_minute for one in bares], "s"),
        median("  CPU for the same text / bare Piper (pauses don't count)", same_text, ""),
        median("  one article, times real time", [one.audio_s / one.wall_s for one in ours], ""),
        Rows(
            name="CPU per audio minute by process",
            unit="CPU-s",
            rows=tuple(typical),
            total=statistics.median(per_minute),
            note="medians",
        ),
    ]


def all_cores(bench: Bench) -> list[Figure | Rows]:
    """Several articles at once, against as many times bare Piper as there are cores."""
    cores = os.cpu_count() or 1
    service = bench.service
    sentences = sentences_of(spoken_text(bench.article))
    single = [bench.bare.speak(sentences).times_real]
    bench.step("bare Piper, one process")
    articles = [named(salted(bench.article, n), bench.new_name()) for n in range(cores if bench.quick else 2 * cores)]
    began = time.perf_counter()
    sent = [service.post(article, voice=PIPER)["id"] for article in articles]
    jobs = [service.ended(job, LONGEST_WAIT_S * 2) for job in sent]
    seconds = time.perf_counter() - began
    bench.step("the service, all cores")
    single.append(bench.bare.speak(sentences).times_real)
    together = _bare_together(cores, sentences)
    bench.step("bare Piper, all cores")
    rows = [job_row(service, job["id"]) for job in jobs]
    fresh = sum(row["spoken"] for row in rows) / sum(row["total"] for row in rows)
    ours = sum(audio_s(service, job) for job in jobs) / seconds
    note = f"{len(jobs)} articles at once, {fresh:.0%} of the utterances spoken anew"
    return [
        median(
            "audio seconds per second, workers = cores / (cores × bare)",
            [ours / (cores * one) for one in single],
            "",
            target=0.85,
            sense="≥",
            note=note,
        ),
        median("  the service, audio seconds per second", [ours], ""),
        median("  bare Piper, one process", single, ""),
        median(f"  the service / {cores} bare processes at once", [ours / together], ""),
    ]


def _bare_together(cores: int, sentences: list[str]) -> float:
    """Audio seconds per second of as many bare processes as cores, at once."""
    with ExitStack() as stack:
        processes = [stack.enter_context(bare_process()) for _ in range(cores)]
        for process in processes:
            process.ask(sentences)
        return sum(process.answer().times_real for process in processes)


def espeak_speed(bench: Bench) -> list[Figure | Rows]:
    """Seconds of finished audio per CPU second with a voice that costs nearly nothing."""
    done = []
    for _ in range(bench.rounds):
        forget_segments(bench.service)
        article = named(bench.article, bench.new_name()) | {"language": "en-US"}
        done.append(render(bench.service, article, voice=ESPEAK))
        bench.step("pyttsx3")
    speeds = [one.audio_s / sum(one.cpu_s.values()) for one in done]
    kinds = sorted(done[0].cpu_s, key=lambda kind: -done[0].cpu_s[kind])
    typical = [(kind, statistics.median(one.cpu_s[kind] / one.audio_s * 60 for one in done)) for kind in kinds]
    total = statistics.median(sum(one.cpu_s.values()) / one.audio_s * 60 for one in done)
    return [
        median("pyttsx3, article to finished MP3, times real time per core", speeds, "", target=60, sense="≥"),
        Rows(name="pyttsx3: CPU per audio minute by process", unit="CPU-s", rows=tuple(typical), total=total),
    ]
