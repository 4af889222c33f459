"""`python -m tests.measure.scale.autoscale`: what samples/kubernetes/autoscaling.yaml does with a newsroom's day.

The rules of the HorizontalPodAutoscaler, which KEDA drives: every 15 s each trigger wants a number of pods, and the
greatest counts; going down waits for five minutes. Thresholds come from the manifest.
"""

from __future__ import annotations

import argparse
import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import simpy

from tests.measure.faults.line import at
from tests.measure.scale.capacity import load_costs
from tests.measure.scale.model import Service, arrivals
from tests.measure.scale.shapes import Newsroom, Shape, jobs_of
from tests.parts.manifests import given_settings, of_kind

SYNC_S = 15.0
DOWN_AFTER_S = 300.0
TOLERANCE = 0.1
POD_STARTS_S = 45.0
"""Assumed: scheduling, image and voice. A node that has to be started first takes minutes."""
COUNTED_S = 60.0
"""The service counts running jobs so often; the age that it tells is the present one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Triggers:
    """Thresholds; None: there is no such trigger."""

    age_s: float | None
    jobs_a_pod: float | None
    least: int
    most: int
    slots_a_pod: int


@dataclass(slots=True)
class Pods:
    """How many there are, and were."""

    number: int
    starting: int = 0
    wanted: deque[tuple[float, int]] = field(default_factory=deque)
    """What was wanted within the last minutes, with its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    wait_s: tuple[float, float, float]
    """p50, p95, p99."""
    most_pods: int
    core_hours: float
    """Of the pods' slots."""
    worked_hours: float


def triggers_of_manifest() -> Triggers:
    """As in samples/kubernetes."""
    (scaled,) = of_kind("ScaledObject")
    spec = scaled["spec"]
    found = {_kind(trigger): float(trigger["metadata"]["threshold"]) for trigger in spec["triggers"]}
    return Triggers(
        age_s=found.get("age"),
        jobs_a_pod=found.get("jobs"),
        least=spec["minReplicaCount"],
        most=spec["maxReplicaCount"],
        slots_a_pod=int(given_settings()["TTS_WORKER_SLOTS"]),
    )


def run(engine: str, shape: Shape, per_minute: float, triggers: Triggers) -> Outcome:
    """A newsroom's articles with as many pods as the triggers want."""
    jobs = jobs_of(shape, per_minute, load_costs(engine).work, Newsroom())
    worked_s = sum(job.work_s for job in jobs)
    env = simpy.Environment()
    service, pods = Service(env, rings_most=triggers.slots_a_pod), Pods(triggers.least)
    service.add_slots(pods.number * triggers.slots_a_pod)
    peak = [pods.number]
    env.process(service.beat())
    env.process(_scale(env, service, pods, triggers, peak))
    env.run(until=env.process(arrivals(env, service, jobs)))
    capacity_s = service.capacity_s
    while service.open:
        env.run(until=env.now + 60)
    waits = [job.wait_s for job in jobs if job.wait_s is not None]
    return Outcome(
        wait_s=(at(waits, 0.5), at(waits, 0.95), at(waits, 0.99)),
        most_pods=max(peak),
        core_hours=capacity_s / 3600,
        worked_hours=worked_s / 3600,
    )


def _scale(
    env: simpy.Environment, service: Service, pods: Pods, triggers: Triggers, peak: list[int]
) -> Iterator[simpy.Event]:
    counted, counted_at_s = 0, -COUNTED_S
    while True:
        yield env.timeout(SYNC_S)
        if env.now - counted_at_s >= COUNTED_S:
            counted, counted_at_s = service.running, env.now
        current = pods.number + pods.starting
        wanted = max(_wanted(current, service.oldest_s(), counted, triggers), triggers.least)
        pods.wanted.append((env.now, wanted))
        while pods.wanted[0][0] < env.now - DOWN_AFTER_S:
            pods.wanted.popleft()
        if wanted > current:
            target = min(wanted, max(2 * current, current + 4), triggers.most)
            pods.starting += target - current
            env.process(_start(env, service, pods, target - current, triggers))
        else:
            target = max(recent for _, recent in pods.wanted)
            ended = max(0, min(current - target, pods.number))
            pods.number -= ended
            service.remove_slots(ended * triggers.slots_a_pod)
        peak.append(pods.number + pods.starting)


def _start(
    env: simpy.Environment, service: Service, pods: Pods, number: int, triggers: Triggers
) -> Iterator[simpy.Event]:
    yield env.timeout(POD_STARTS_S)
    pods.starting -= number
    pods.number += number
    service.add_slots(number * triggers.slots_a_pod)


def _wanted(current: int, age_s: float, jobs: int, triggers: Triggers) -> int:
    by_age, by_jobs = 0, 0
    if triggers.age_s is not None:
        ratio = age_s / triggers.age_s
        by_age = current if abs(ratio - 1) <= TOLERANCE else math.ceil(current * ratio)
    if triggers.jobs_a_pod is not None:
        wanted = jobs / triggers.jobs_a_pod
        by_jobs = current if abs(wanted / current - 1) <= TOLERANCE else math.ceil(wanted)
    return max(by_age, by_jobs)


def _kind(trigger: dict[str, Any]) -> str:
    return "age" if "tts_oldest_due_seconds" in trigger["metadata"]["query"] else "jobs"


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", default="piper")
    parser.add_argument("--per-minute", type=float, default=10.0)
    parser.add_argument("--age", type=float, help="threshold instead of the manifest's; 0: no such trigger")
    parser.add_argument("--jobs", type=float, help="threshold instead of the manifest's; 0: no such trigger")
    chosen = parser.parse_args(given)
    stated = triggers_of_manifest()
    triggers = Triggers(
        age_s=stated.age_s if chosen.age is None else chosen.age or None,
        jobs_a_pod=stated.jobs_a_pod if chosen.jobs is None else chosen.jobs or None,
        least=stated.least,
        most=stated.most,
        slots_a_pod=stated.slots_a_pod,
    )
    print(triggers)
    for shape in ("steady", "day", "burst"):
        print(shape, run(chosen.engine, shape, chosen.per_minute, triggers))


if __name__ == "__main__":
    main()
