"""What articles ask of each part, by the measured costs (costs.json): what isn't a queue is counted, not simulated."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.measure.scale.shapes import Work

COSTS = Path(__file__).with_name("costs.json")
SPEECH = ("worker", "engine")
"""Roles that work in a slot."""
OTHERS = ("api", "callbacks", "database", "broker")
"""Roles whose CPU grows with the articles. Beat does the same each second, however many there are."""
_LIVE = "live"
_DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a number of articles asks for, or articles at a rate ask for in a second."""

    speech_s: float
    """CPU seconds in slots."""
    others_s: dict[str, float]
    """CPU seconds by role."""
    statements: float
    rings: float
    """Messages to the broker."""
    store_requests: float
    store_bytes: float
    """That stay: finished audio and sentences."""
    live_bytes: float
    """That stay for a day."""
    database_bytes: float

    @property
    def cpu_s(self) -> float:
        return self.speech_s + sum(self.others_s.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Of one engine."""

    engine: dict[str, Any]
    requests: dict[str, Any]

    @property
    def work(self) -> Work:
        """Seconds that a slot needs with a core of its own."""
        return Work(new_s=self._speech_s("new"), edit_s=self._speech_s("edit"))

    def demand(self, new: float, edits: float) -> Demand:
        """Of so many new articles and edits, without what the idle service uses."""
        per = {kind: self.engine[kind] for kind in ("new", "edit")}
        numbers = {"new": new, "edit": edits}

        def total(name: str) -> float:
            return float(sum(number * per[kind][name] for kind, number in numbers.items()))

        def stored(*, live: bool) -> float:
            sizes = ((numbers[kind], name, size) for kind in per for name, size in per[kind]["store_bytes"].items())
            return float(sum(number * size for number, name, size in sizes if (name == _LIVE) == live))

        def counted(name: str) -> float:
            """All counts whose names begin so or end so."""
            return float(
                sum(
                    numbers[kind] * count
                    for kind in per
                    for one, count in self.requests[kind].items()
                    if one.startswith(name) or one.endswith(name)
                )
            )

        return Demand(
            speech_s=sum(number * self._speech_s(kind) for kind, number in numbers.items()),
            others_s={
                role: sum(number * per[kind]["cpu_s"].get(role, 0) for kind, number in numbers.items())
                for role in OTHERS
            },
            statements=counted("statements"),
            rings=counted("rings"),
            store_requests=counted("requests"),
            store_bytes=stored(live=False),
            live_bytes=stored(live=True),
            database_bytes=total("database_bytes"),
        )

    def connections(self, slots: int, apis: int) -> int:
        """At the database: each process keeps those that it needed at once."""
        measured = self.engine["connections"]
        by_slot = measured["worker-0"] / 2  # it was measured with two slots
        return round(slots * by_slot + apis * measured["api"] + measured["beat"] + measured["callbacks"])

    def _speech_s(self, kind: str) -> float:
        return float(sum(self.engine[kind]["cpu_s"][role] for role in SPEECH))


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """The operator's own, in any currency."""

    core_hour: float = 0.0
    gib_month: float = 0.0
    """Of the store."""
    thousand_requests: float = 0.0
    """To the store."""
    core_share: float = 1.0
    """Of the cores that are paid for, the part that works: 0.5 if half of them wait for the next burst."""

    def of(self, demand: Demand, months: float = 12) -> float:
        """Of what is asked for, with what stays kept for so many months."""
        cores = demand.cpu_s / 3600 / self.core_share * self.core_hour
        kept_gib = demand.store_bytes * months + demand.live_bytes * 12 / 365
        return cores + kept_gib / 2**30 * self.gib_month + demand.store_requests / 1000 * self.thousand_requests


def load_costs(engine: str) -> Costs:
    """Raises KeyError for an engine that wasn't measured (`make costs ENGINE=`)."""
    kept = json.loads(COSTS.read_text("utf-8"))
    return Costs(engine=kept["engines"][engine], requests=kept["requests"])
