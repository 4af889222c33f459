"""One run of `backfill`: plan, estimate, ask, send the articles, say what was done."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tts_service.cms.feeds.archive import Archive, archive_at, archive_in
from tts_service.cms.feeds.backfill import GIVEN_UP_AFTER, Plan, Which, left_over, plan_backfill, reckon, run_backfill
from tts_service.cms.feeds.estimate import Estimate
from tts_service.cms.feeds.fetch import Politeness
from tts_service.cms.feeds.request import Manner, Means, manner_of
from tts_service.commands.app import as_json, noted, say
from tts_service.errors import InputRefused
from tts_service.http.client import outbound_of
from tts_service.jobs.acceptable import Wish
from tts_service.newsroom.sites import options_for
from tts_service.settings import Settings
from tts_service.values import Article
from tts_service.wiring import build

_TOLD = 10
"""Articles that couldn't be had told one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which articles of a site, listed in a file or at an address."""

    site: str
    listed: Path | str
    since: datetime | None
    limit: int | None
    failed_too: bool
    pause_s: float | None


class Doing:
    """How far to go, and how to tell."""

    def __init__(self, *, dry_run: bool, yes: bool, json_: bool) -> None:
        self.dry_run, self.json_ = dry_run, json_
        self.ask = not yes and not json_ and sys.stdin.isatty()


def run_archive(configured: Settings, wanted: Wanted, doing: Doing) -> None:
    """Speak what is wanted of an archive. Raises typer.Exit unless all of it could be requested."""
    parts = build(configured)
    politeness = Politeness(pause_s=configured.fetch_pause_s if wanted.pause_s is None else wanted.pause_s)
    means = Means(parts=parts, outbound=outbound_of(configured), politeness=politeness, queue="backfill")
    dated = options_for(parts.database, wanted.site).dated(wanted.since)
    since_ms = int(dated.timestamp() * 1000) if dated else None
    which = Which(site=wanted.site, since_ms=since_ms, limit=wanted.limit, failed_too=wanted.failed_too)
    try:
        _do(means, _archive(means, wanted), which, doing)
    except KeyboardInterrupt:
        say("Stopped. Run the same command to resume.")
        raise typer.Exit(130) from None


def _archive(means: Means, wanted: Wanted) -> Archive:
    if isinstance(wanted.listed, Path):
        return archive_in(wanted.listed, lambda text: _load(text, wanted.site))
    say(f"Reading {wanted.listed} …")
    return archive_at(
        wanted.listed, means.outbound, means.politeness, options_for(means.parts.database, wanted.site).zone
    )


def _do(means: Means, archive: Archive, which: Which, doing: Doing) -> None:
    planned = plan_backfill(means.parts, archive, which, keep=not doing.dry_run)
    manner = manner_of(means.parts, which.site)
    takes = reckon(means, archive, manner, which.site, planned) if planned.addresses else None
    slots = means.parts.settings.worker_slots
    if not doing.json_:
        _tell_plan(planned, takes, slots)
    start = bool(planned.addresses) and not doing.dry_run
    if start and doing.ask and not typer.confirm("Start?", default=True, err=True):
        raise typer.Exit(1)
    if start:
        noted(means.parts, "backfill.started", archive.name, which.site, articles=len(planned.addresses))
    states = _run(means, archive, manner, which, planned) if start else Counter[str]()
    left = left_over(means.parts, archive, which)
    if doing.json_:
        typer.echo(
            as_json(
                {
                    "counts": planned.counts,
                    "to_do": len(planned.addresses),
                    "takes": _facts(takes, slots),
                    "done": states,
                    "left": left,
                }
            )
        )
    elif start:
        _tell_done(states, left)
    if states["failed"] or states["waiting"]:
        raise typer.Exit(1)


def _run(means: Means, archive: Archive, manner: Manner, which: Which, planned: Plan) -> Counter[str]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("articles"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[states]}"),
    )
    states: Counter[str] = Counter()
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(which.site, total=len(planned.addresses), states="")
        for _, state in run_backfill(means, archive, manner, which.site, planned):
            states[state] += 1
            told = ", ".join(f"{count} {name}" for name, count in sorted(states.items()) if name != "requested")
            bar.update(task, advance=1, states=told)
    return states


def _tell_plan(planned: Plan, takes: Estimate | None, slots: int) -> None:
    listed = sum(planned.counts.values())
    counts = ", ".join(f"{count} {name}" for name, count in sorted(planned.counts.items()))
    typer.echo(f"{listed} articles listed: {counts or 'none'}. To do now: {len(planned.addresses)}.")
    if not planned.addresses:
        return
    if takes is None:
        typer.echo("No estimate: none of the sampled articles could be fetched.")
        return
    typer.echo(
        f"Estimated from {takes.sampled} of them:\n"
        f"  characters   {takes.characters:,} ({takes.lowest:,} to {takes.highest:,})\n"
        f"  audio        {_time(takes.audio_min * 60)}\n"
        f"  CPU time     {_time(takes.cpu_s)}; with all {slots} slots {_time(takes.render_s(slots))}\n"
        f"  fetching     {_time(takes.fetch_s)}, one page at a time"
    )


def _tell_done(states: Counter[str], left: dict[str, str]) -> None:
    typer.echo(", ".join(f"{count} {name}" for name, count in sorted(states.items())) or "nothing was done")
    for address, reason in list(left.items())[:_TOLD]:
        typer.echo(f"  {address}: {reason}")
    if len(left) > _TOLD:
        typer.echo(f"  … and {len(left) - _TOLD} more")
    if states["waiting"] >= GIVEN_UP_AFTER:
        typer.echo("The host has problems: run the same command again later.")


def _facts(takes: Estimate | None, slots: int) -> dict[str, Any] | None:
    if takes is None:
        return None
    return {
        "articles": takes.articles,
        "sampled": takes.sampled,
        "characters": takes.characters,
        "characters_lowest": takes.lowest,
        "characters_highest": takes.highest,
        "audio_minutes": round(takes.audio_min, 1),
        "cpu_s": round(takes.cpu_s),
        "slots": slots,
        "render_s": round(takes.render_s(slots)),
        "fetch_s": round(takes.fetch_s),
    }


def _time(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))


def _load(text: str, site: str) -> tuple[Article, Wish]:
    """An article in the shape of POST /v1/jobs, or its `article` alone. Raises InputRefused."""
    from tts_service.web.problems import field_errors
    from tts_service.web.schemas.jobs import JobRequest

    fields = json.loads(text)
    given = fields if "article" in fields else {"article": fields}
    if isinstance(given["article"], dict):
        given["article"].setdefault("site", site)
    try:
        request = JobRequest.model_validate(given)
    except ValidationError as error:
        fault = field_errors(error.errors(), skip=0)[0]
        raise InputRefused(f"{fault['field']}: {fault['message']}") from error
    if request.article.site != site:
        raise InputRefused(f"article.site: the article belongs to {request.article.site}, not to {site}")
    return request.to_article(), request.to_wish()
