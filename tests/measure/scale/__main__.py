"""`make simulate`: cores, waits, database, broker and store at several rates of articles, from the measured costs."""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.measure.faults.line import at
from tests.measure.scale.autoscale import run, triggers_of_manifest
from tests.measure.scale.capacity import Costs, Demand, Prices, load_costs
from tests.measure.scale.model import simulate
from tests.measure.scale.page import ON_PAPER, PAGE, cores, kubernetes, rest, thousand, write_page
from tests.measure.scale.shapes import SHAPES, Newsroom, Shape, jobs_of

RATES = (1.0, 10.0, 200.0)
GOAL_S = 30.0
RECORDED = Path(__file__).with_name("simulated.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """The fewest slots with which 95 % of the articles wait no longer than wanted."""

    per_minute: float
    shape: Shape
    slots: int
    wait_s: tuple[float, float, float]
    """p50, p95, p99."""
    busy: float
    """Part of the slots' time, on average."""


def size(costs: Costs, shape: Shape, per_minute: float, newsroom: Newsroom, goal_s: float = GOAL_S) -> Sized:
    """By trying, to one in twenty: half as many again until it is enough, then by halves."""
    too_few, enough = 0, max(1, round(per_minute * costs.work.new_s / 60))
    while (found := try_slots(costs, shape, per_minute, newsroom, enough)).wait_s[1] > goal_s:
        too_few, enough = enough, math.ceil(1.5 * enough)
    while enough - too_few > max(1, enough // 20):
        middle = (too_few + enough) // 2
        tried = try_slots(costs, shape, per_minute, newsroom, middle)
        if tried.wait_s[1] > goal_s:
            too_few = middle
        else:
            enough, found = middle, tried
    return found


def try_slots(costs: Costs, shape: Shape, per_minute: float, newsroom: Newsroom, slots: int) -> Sized:
    jobs = jobs_of(shape, per_minute, costs.work, newsroom)
    work_s = sum(job.work_s for job in jobs)
    service = simulate(jobs, slots, rings_most=2)
    waits = [job.wait_s for job in jobs if job.wait_s is not None]
    return Sized(
        per_minute=per_minute,
        shape=shape,
        slots=slots,
        wait_s=(at(waits, 0.5), at(waits, 0.95), at(waits, 0.99)),
        busy=work_s / (slots * service.env.now),
    )


def on_paper(sized: Sequence[Sized], per_minute: float) -> list[Sized]:
    """As many slots for an article a minute as at the highest rate that was simulated."""
    top = max(one.per_minute for one in sized)
    return [
        dataclasses.replace(one, per_minute=per_minute, slots=math.ceil(one.slots * per_minute / top))
        for one in sized
        if one.per_minute == top
    ]


def per_second(costs: Costs, newsroom: Newsroom, per_minute: float) -> Demand:
    return costs.demand(per_minute / 60, per_minute / 60 * newsroom.edits)


def everything(engine: str, newsroom: Newsroom) -> dict[str, Any]:
    """What is recorded and printed, rounded."""
    costs = load_costs(engine)
    sized = [size(costs, shape, rate, newsroom) for rate in RATES for shape in SHAPES]
    sized += on_paper(sized, ON_PAPER)
    return {
        "engine": engine,
        "newsroom": asdict(newsroom),
        "sized": [
            asdict(one) | {"wait_s": [round(wait, 1) for wait in one.wait_s], "busy": round(one.busy, 2)}
            for one in sized
        ],
        "thousand": {"new": _rounded(costs.demand(1000, 0)), "edits": _rounded(costs.demand(0, 1000))},
        "thousand_plays_s": _three(1000 * sum(costs.engine["play_cpu_s"].values())),
        "scaled": scaled(engine),
        "second": {f"{rate:g}": _rounded(per_second(costs, newsroom, rate)) for rate in (*RATES, ON_PAPER)},
        "connections": {
            f"{one.per_minute:g}": costs.connections(one.slots, _apis(costs, newsroom, one.per_minute))
            for one in sized
            if one.shape == "burst"
        },
    }


def _apis(costs: Costs, newsroom: Newsroom, per_minute: float) -> int:
    """API processes: two, or as many as work half of the time in a burst."""
    return max(2, math.ceil(2 * newsroom.burst * per_second(costs, newsroom, per_minute).others_s["api"]))


def _rounded(demand: Demand) -> dict[str, Any]:
    plain = {name: _three(value) for name, value in asdict(demand).items() if name != "others_s"}
    return plain | {"others_s": {role: _three(used) for role, used in demand.others_s.items()}}


def _three(value: float) -> float:
    return float(f"{value:.3g}")


def scaled(engine: str) -> list[dict[str, Any]]:
    """Ten articles a minute with the manifest's triggers, and by the age alone."""
    stated = triggers_of_manifest()
    choices = {"of the manifest": stated, "age alone": dataclasses.replace(stated, jobs_a_pod=None)}
    rows = []
    for name, triggers in choices.items():
        for shape in SHAPES:
            one = asdict(run(engine, shape, 10, triggers))
            rows.append({"triggers": name, "shape": shape, **{part: _round(value) for part, value in one.items()}})
    return rows


def _round(value: Any) -> Any:
    return [round(one, 1) for one in value] if isinstance(value, tuple) else round(value, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", default="piper", help="one that `make costs` measured")
    parser.add_argument(
        "--prices", type=Path, help="TOML file with core_hour, gib_month, thousand_requests, core_share"
    )
    parser.add_argument("--record", action="store_true", help="keep the result, and write it into docs/scale.md")
    for field in dataclasses.fields(Newsroom):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=type(field.default), default=field.default)
    given = parser.parse_args()
    newsroom = Newsroom(**{field.name: getattr(given, field.name) for field in dataclasses.fields(Newsroom)})
    found = everything(given.engine, newsroom)
    print("\n\n".join(part(found) for part in (cores, rest, thousand, kubernetes)))
    if given.prices:
        prices = Prices(**tomllib.loads(given.prices.read_text("utf-8")))
        costs = load_costs(given.engine)
        for kind, demand in (("articles", costs.demand(1000, 0)), ("edits", costs.demand(0, 1000))):
            print(f"1,000 {kind} at these prices, audio kept for a year: {prices.of(demand):,.2f}")
    if given.record:
        RECORDED.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
        write_page()
        print(f"Kept in {RECORDED.name}, and written into {PAGE.name}.")


if __name__ == "__main__":
    main()
