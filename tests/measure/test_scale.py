"""The simulation does what the service does, and docs/scale.md says what was recorded."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from tests.measure.scale import __main__ as scale
from tests.measure.scale.autoscale import run, triggers_of_manifest
from tests.measure.scale.capacity import OTHERS, Costs, Prices, load_costs
from tests.measure.scale.model import SETTLE_S, Job, simulate
from tests.measure.scale.page import PAGE, filled, recorded, sections
from tests.measure.scale.shapes import Newsroom, Work, jobs_of
from tests.parts.manifests import container, given_settings, of_kind

EQUAL = Newsroom(edits=0, length_spread=0)


def job(at_s: float, site: str = "a", article: int = 0, work_s: float = 10, **more: Any) -> Job:
    return Job(at_s=at_s, site=site, article=article or id(object()) + int(at_s * 1000), work_s=work_s, **more)


def waits(jobs: list[Job], slots: int = 1) -> list[float | None]:
    simulate(jobs, slots, rings_most=2)
    return [one.wait_s for one in jobs]


class TestQueue:
    def test_a_slot_takes_one_after_the_other(self) -> None:
        assert waits([job(0, article=1), job(1, article=2), job(2, article=3)]) == [0, 9, 18]

    def test_all_slots_work_although_few_rings_may_wait(self) -> None:
        assert waits([job(0, article=number) for number in range(1, 9)], slots=8) == [0] * 8

    def test_sites_take_turns(self) -> None:
        many = [job(0, article=number) for number in range(1, 6)]
        single = job(1, site="b", article=9)
        assert waits([*many, single])[-1] == 9

    def test_breaking_comes_first(self) -> None:
        jobs = [job(0, article=1), job(1, article=2), job(2, article=3, queue="breaking")]
        assert waits(jobs) == [0, 19, 8]

    def test_a_long_job_lets_others_go_first_after_a_minute(self) -> None:
        long = job(0, article=1, work_s=100)
        assert waits([long, job(1, article=2)]) == [0, 59]
        assert long.ended_s == 110

    def test_an_edit_waits_for_the_next_one_and_supersedes_what_hasnt_begun(self) -> None:
        busy, new = job(0, article=1, work_s=50), job(1, article=2, work_s=20)
        edit = job(2, article=2, work_s=3, settles=True)
        assert waits([busy, new, edit]) == [0, None, 50 - 2 - SETTLE_S]
        assert edit.ended_s == 70  # it says the whole article, since nothing of it was spoken

    def test_the_mean_wait_is_the_one_of_queueing_theory(self) -> None:
        """One slot, equal jobs, random arrivals: the Pollaczek-Khinchine formula, ρ·s / 2(1 - ρ)."""
        jobs = jobs_of("steady", 3.0, Work(new_s=12, edit_s=0), replace(EQUAL, sites=1))
        jobs += [
            replace(one, at_s=one.at_s + 7200, article=one.article + 100_000)
            for one in jobs_of("steady", 3.0, Work(new_s=12, edit_s=0), replace(EQUAL, sites=1), seed=2)
        ]
        simulate(jobs, 1, rings_most=2)
        mean = sum(one.wait_s or 0 for one in jobs) / len(jobs)
        rate = len(jobs) / 14_400
        busy = rate * 12
        assert mean == pytest.approx(busy * 12 / 2 / (1 - busy), rel=0.25)


class TestShapes:
    @pytest.mark.parametrize(("shape", "mean"), [("steady", 10), ("day", 10)])
    def test_as_many_articles_come_as_asked_for(self, shape: Any, mean: float) -> None:
        jobs = jobs_of(shape, mean, Work(new_s=1, edit_s=1), EQUAL)
        assert len(jobs) == pytest.approx(mean * (1440 if shape == "day" else 120), rel=0.1)

    def test_breaking_news_come_in_a_burst_with_edits(self) -> None:
        jobs = jobs_of("burst", 10, Work(new_s=1, edit_s=1), EQUAL)
        burst = [one for one in jobs if one.queue == "breaking"]
        new = sum(not one.settles for one in burst)
        assert new == pytest.approx(10 * EQUAL.burst * 10, rel=0.15)
        assert (len(burst) - new) / new == pytest.approx(EQUAL.burst_edits, rel=0.15)


class TestCapacity:
    costs = Costs(
        engine={
            "new": {
                "cpu_s": {"worker": 1, "engine": 9, "api": 0.1, "database": 0.2},
                "database_bytes": 1000,
                "store_bytes": {"clips": 100, "segments": 50, "live": 70},
            },
            "edit": {
                "cpu_s": {"worker": 1, "engine": 0, "api": 0.1, "database": 0.1},
                "database_bytes": 500,
                "store_bytes": {"clips": 100, "segments": 1, "live": 70},
            },
            "connections": {"worker-0": 4, "api": 2, "beat": 1, "callbacks": 3},
        },
        requests={
            "new": {
                "statements of api": 10,
                "statements of worker": 50,
                "rings": 2,
                "PUT requests": 8,
                "GET requests": 2,
            },
            "edit": {"statements of worker": 30, "rings": 1, "PUT requests": 5},
        },
    )

    def test_demand_adds_up(self) -> None:
        demand = self.costs.demand(2, 4)
        assert demand.speech_s == 24
        assert demand.others_s == {role: {"api": 0.6, "database": 0.8}.get(role, 0) for role in OTHERS} | {
            "api": pytest.approx(0.6),
            "database": pytest.approx(0.8),
        }
        assert (demand.statements, demand.rings, demand.store_requests) == (240, 8, 40)
        assert (demand.store_bytes, demand.live_bytes, demand.database_bytes) == (704, 420, 4000)

    def test_connections_grow_with_slots(self) -> None:
        assert self.costs.connections(slots=10, apis=3) == 10 * 2 + 3 * 2 + 1 + 3

    def test_prices_are_the_operators(self) -> None:
        demand = replace(self.costs.demand(1, 0), speech_s=3600, others_s={}, store_bytes=2**30, live_bytes=0)
        assert Prices(core_hour=1, core_share=0.5).of(demand) == 2
        assert Prices(gib_month=0.5).of(demand, months=12) == 6
        assert Prices(thousand_requests=100).of(demand) == 1


class TestPage:
    found = recorded("simulated")

    def test_its_figures_are_the_recorded_ones(self) -> None:
        text = PAGE.read_text("utf-8")
        assert len(re.findall(r"<!-- (?!end)", text)) == len(sections())
        assert filled(text) == text

    def test_what_is_recorded_follows_from_the_costs(self) -> None:
        costs, newsroom = load_costs(self.found["engine"]), Newsroom(**self.found["newsroom"])
        assert newsroom == Newsroom()
        for one in self.found["sized"]:
            if one["per_minute"] == 1:
                again = scale.try_slots(costs, one["shape"], 1, newsroom, one["slots"])
                assert [round(wait, 1) for wait in again.wait_s] == one["wait_s"]
        assert scale._rounded(costs.demand(1000, 0)) == self.found["thousand"]["new"]


class TestManifests:
    def test_requests_cover_what_was_measured(self) -> None:
        slots = int(given_settings()["TTS_WORKER_SLOTS"])
        measured = recorded("costs")["engines"]["piper"]["memory_mb"]
        for deployment in of_kind("Deployment"):
            name = deployment["metadata"]["name"].removeprefix("tts-")
            asked = container(deployment)["resources"]["requests"]
            assert _mib(asked["memory"]) >= measured["worker-0" if name == "worker" else name], name
        worker = next(one for one in of_kind("Deployment") if one["metadata"]["name"] == "tts-worker")
        assert float(container(worker)["resources"]["requests"]["cpu"]) == slots

    @pytest.mark.parametrize("shape", ["steady", "burst"])
    def test_scaling_keeps_the_wait_short_without_four_times_the_cores(self, shape: Any) -> None:
        found = run("piper", shape, 10, triggers_of_manifest())
        assert found.wait_s[1] <= scale.GOAL_S
        assert found.core_hours <= 4 * found.worked_hours


def _mib(quantity: str) -> float:
    return float(quantity[:-2]) * {"Mi": 1, "Gi": 1024}[quantity[-2:]]
