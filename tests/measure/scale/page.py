"""The figures in docs/scale.md: each stands between two comments and is written from what was recorded."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.parts.places import ROOT

HERE = Path(__file__).parent
PAGE = ROOT / "docs" / "scale.md"
ON_PAPER = 10_000.0


def recorded(name: str) -> dict[str, Any]:
    """What a command kept: costs or simulated; empty if it wasn't run."""
    path = HERE / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def sections() -> dict[str, str]:
    """Each marked part of the page, by its name."""
    costs, found = recorded("costs"), recorded("simulated")
    return {
        "cores": cores(found),
        "rest": rest(found),
        "thousand": thousand(found),
        "kubernetes": kubernetes(found),
        "measured": measured(costs),
    }


def write_page() -> None:
    PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8")


def filled(text: str) -> str:
    """The page with the recorded figures. Raises KeyError for a mark that has no section."""
    parts = sections()
    mark = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
    return mark.sub(lambda found: f"{found[1]}{parts[found[2]]}\n{found[3]}", text)


def cores(found: dict[str, Any]) -> str:
    rows = []
    for one in found["sized"]:
        paper = one["per_minute"] == ON_PAPER
        waits = "as at 200" if paper else " / ".join(f"{wait:.1f}" for wait in one["wait_s"]) + " s"
        rows.append((f"{one['per_minute']:,g}", one["shape"], f"{one['slots']:,}", waits, f"{one['busy']:.0%}"))
    return _table(("articles a minute", "shape", "cores for speech", "queue wait p50 / p95 / p99", "busy"), rows)


def rest(found: dict[str, Any]) -> str:
    heading = (
        *("articles a minute", "cores beside speech", "of them database", "statements/s", "connections"),
        *("messages to the broker/s", "store requests/s", "store GB/day", "database GB/day"),
    )
    rows = []
    for rate, one in found["second"].items():
        rows.append(
            (
                f"{float(rate):,g}",
                _plain(sum(one["others_s"].values())),
                _plain(one["others_s"]["database"]),
                _plain(one["statements"]),
                f"{found['connections'][rate]:,}",
                *(_plain(one[name]) for name in ("rings", "store_requests")),
                *(_plain(one[name] * 86_400 / 1e9) for name in ("store_bytes", "database_bytes")),
            )
        )
    return _table(heading, rows)


def thousand(found: dict[str, Any]) -> str:
    heading = (
        *("of 1,000", "speech, core-s", "API", "callbacks", "database", "broker", "statements"),
        *("store requests", "store", "live, for a day", "database"),
    )
    rows = []
    for kind, name in (("new", "articles"), ("edits", "edits")):
        one = found["thousand"][kind]
        rows.append(
            (
                name,
                _plain(one["speech_s"]),
                *(_plain(one["others_s"][role]) for role in ("api", "callbacks", "database", "broker")),
                *(_plain(one[part]) for part in ("statements", "store_requests")),
                *(f"{_plain(one[part] / 1e6)} MB" for part in ("store_bytes", "live_bytes", "database_bytes")),
            )
        )
    play = (
        f"1,000 plays (clip, marks, the whole file from the API) take {_plain(found['thousand_plays_s'])} core-seconds."
    )
    return f"{_table(heading, rows)}\n\n{play}"


def kubernetes(found: dict[str, Any]) -> str:
    rows = []
    for one in found["scaled"]:
        waits = " / ".join(f"{wait:.1f}" for wait in one["wait_s"])
        hours = f"{one['core_hours']:.0f}, {one['worked_hours']:.0f}"
        rows.append((one["triggers"], one["shape"], f"{waits} s", str(one["most_pods"]), hours))
    heading = ("triggers", "shape", "queue wait p50 / p95 / p99", "most pods", "core-hours paid, worked")
    return _table(heading, rows)


def measured(costs: dict[str, Any]) -> str:
    machine, engines = costs["machine"], costs["engines"]
    of_engines = "; ".join(
        f"{name}: {one['articles']} articles of {one['audio_s']:.0f} s, load {one['load']:g}, "
        f"{one['memory_mb']['worker-0']:,} MB for a worker with two engines"
        for name, one in engines.items()
    )
    return (
        f"Measured on {machine['at']}: {machine['cores']} cores ({machine['processor']}, virtual), where ten million "
        f"passes of an empty loop take {machine['loop_s']:.2f} s of CPU. {of_engines}."
    )


def _table(heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heading, ("---",) * len(heading), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _plain(value: float) -> str:
    """Three digits, without an exponent."""
    return f"{float(f'{value:.3g}'):,.10g}"
