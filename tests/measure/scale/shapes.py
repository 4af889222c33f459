"""When articles arrive: steadily, over a day, or with breaking news. All times come from one seed.

What a newsroom does is assumed, not measured: each assumption is a field of Newsroom, and an option of `make simulate`.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.measure.scale.model import Job

Shape = Literal["steady", "day", "burst"]
SHAPES: tuple[Shape, ...] = ("steady", "day", "burst")
HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
_DAY_PEAK_AT_S = 12 * HOUR_S
_BURST_S = 600.0
_MOST_JOBS = 50_000
"""At a high rate, the time around the peak is simulated, not the whole day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """What is assumed about the articles."""

    sites: int = 20
    edits: float = 0.5
    """Later edits of an article, on average, within the hour after it."""
    length_spread: float = 0.5
    """Of the lengths, around the measured article's (standard deviation by mean, log-normal)."""
    day_peak: float = 2.0
    """Rate at the busiest moment of the day by the mean rate."""
    burst: float = 5.0
    """Rate during ten minutes of breaking news by the mean rate."""
    burst_edits: float = 3.0
    """Edits of an article of breaking news within half an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Seconds of a slot."""

    new_s: float
    edit_s: float


def jobs_of(shape: Shape, per_minute: float, work: Work, newsroom: Newsroom, seed: int = 1) -> list[Job]:
    """Jobs in the order of their arrival."""
    random_ = random.Random(seed)
    length_s = min(DAY_S if shape == "day" else 2 * HOUR_S, _MOST_JOBS / (per_minute * (1 + newsroom.edits)) * 60)
    begin_s = max(0.0, _DAY_PEAK_AT_S - length_s / 2) if shape == "day" else 0.0
    rate, most = _rate_of(shape, per_minute / 60, newsroom, length_s, begin_s)
    jobs, at_s, article = [], 0.0, 0
    sigma = math.sqrt(math.log(1 + newsroom.length_spread**2))
    while (at_s := at_s + random_.expovariate(most)) < length_s:
        if random_.random() > rate(at_s) / most:
            continue
        article += 1
        breaking = shape == "burst" and _in_burst(at_s, length_s)
        size = random_.lognormvariate(-sigma * sigma / 2, sigma)
        site = f"site-{random_.randrange(newsroom.sites)}"
        queue = "breaking" if breaking else "normal"
        jobs.append(Job(at_s=at_s, site=site, article=article, work_s=size * work.new_s, queue=queue))
        edits, within_s = (newsroom.burst_edits, HOUR_S / 2) if breaking else (newsroom.edits, HOUR_S)
        for _ in range(_poisson(random_, edits)):
            later_s = at_s + random_.uniform(0, within_s)
            jobs.append(Job(at_s=later_s, site=site, article=article, work_s=work.edit_s, queue=queue, settles=True))
    return sorted(jobs, key=lambda job: job.at_s)


def _rate_of(
    shape: Shape, mean: float, newsroom: Newsroom, length_s: float, begin_s: float
) -> tuple[Callable[[float], float], float]:
    """Articles a second at a time, and the highest of them."""
    if shape == "day":
        swing = newsroom.day_peak - 1
        return (
            lambda at_s: mean * (1 + swing * math.cos(2 * math.pi * (begin_s + at_s - _DAY_PEAK_AT_S) / DAY_S)),
            mean * newsroom.day_peak,
        )
    if shape == "burst":
        return lambda at_s: mean * (newsroom.burst if _in_burst(at_s, length_s) else 1), mean * newsroom.burst
    return lambda _: mean, mean


def _in_burst(at_s: float, length_s: float) -> bool:
    """In its middle, ten minutes, or a quarter of a shorter time."""
    lasts_s = min(_BURST_S, length_s / 4)
    return abs(at_s - length_s / 2) < lasts_s / 2


def _poisson(random_: random.Random, mean: float) -> int:
    """Knuth's method."""
    limit, product, count = math.exp(-mean), random_.random(), 0
    while product > limit:
        product *= random_.random()
        count += 1
    return count
