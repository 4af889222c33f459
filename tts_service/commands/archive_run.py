"""One run of `backfill`: plan, estimate, ask, send the articles, print the results."""

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
from tts_service.cms.feeds.backfill import (
    GIVEN_UP_AFTER,
    BackfillFilter,
    BackfillPlan,
    estimate_plan,
    left_over,
    plan_backfill,
    run_backfill,
)
from tts_service.cms.feeds.estimate import Estimate
from tts_service.cms.feeds.fetch import Politeness
from tts_service.cms.feeds.request import RequestContext, SiteDefaults, site_defaults
from tts_service.commands.app import as_json, noted, say
from tts_service.errors import InputRefused
from tts_service.http.client import outbound_of
from tts_service.jobs.acceptable import Wish
from tts_service.newsroom.sites import options_for
from tts_service.settings import Settings
from tts_service.values import Article
from tts_service.wiring import build

_LISTED = 10
"""Failed or waiting articles that are listed one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRequest:
    """Which articles of a site to speak: those listed in a file or at an address."""

    site: str
    listed: Path | str
    since: datetime | None
    limit: int | None
    failed_too: bool
    pause_s: float | None


class RunOptions:
    """How far the run goes, and how it reports."""

    def __init__(self, *, dry_run: bool, yes: bool, json_: bool) -> None:
        self.dry_run, self.json_ = dry_run, json_
        self.ask = not yes and not json_ and sys.stdin.isatty()


def run_archive(configured: Settings, request: ArchiveRequest, options: RunOptions) -> None:
    """Speak the requested articles of an archive. Raises typer.Exit unless all of them could be requested."""
    parts = build(configured)
    politeness = Politeness(pause_s=configured.fetch_pause_s if request.pause_s is None else request.pause_s)
    context = RequestContext(parts=parts, outbound=outbound_of(configured), politeness=politeness, queue="backfill")
    dated = options_for(parts.database, request.site).dated(request.since)
    since_ms = int(dated.timestamp() * 1000) if dated else None
    which = BackfillFilter(site=request.site, since_ms=since_ms, limit=request.limit, failed_too=request.failed_too)
    try:
        _do(context, _archive(context, request), which, options)
    except KeyboardInterrupt:
        say("Stopped. Run the same command to resume.")
        raise typer.Exit(130) from None


def _archive(context: RequestContext, request: ArchiveRequest) -> Archive:
    if isinstance(request.listed, Path):
        return archive_in(request.listed, lambda text: _load(text, request.site))
    say(f"Reading {request.listed} …")
    return archive_at(
        request.listed, context.outbound, context.politeness, options_for(context.parts.database, request.site).zone
    )


def _do(context: RequestContext, archive: Archive, which: BackfillFilter, options: RunOptions) -> None:
    planned = plan_backfill(context.parts, archive, which, keep=not options.dry_run)
    defaults = site_defaults(context.parts, which.site)
    takes = estimate_plan(context, archive, defaults, which.site, planned) if planned.addresses else None
    slots = context.parts.settings.worker_slots
    if not options.json_:
        _print_plan(planned, takes, slots)
    start = bool(planned.addresses) and not options.dry_run
    if start and options.ask and not typer.confirm("Start?", default=True, err=True):
        raise typer.Exit(1)
    if start:
        noted(context.parts, "backfill.started", archive.name, which.site, articles=len(planned.addresses))
    states = _run(context, archive, defaults, which, planned) if start else Counter[str]()
    left = left_over(context.parts, archive, which)
    if options.json_:
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
        _print_results(states, left)
    if states["failed"] or states["waiting"]:
        raise typer.Exit(1)


def _run(
    context: RequestContext, archive: Archive, defaults: SiteDefaults, which: BackfillFilter, planned: BackfillPlan
) -> Counter[str]:
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
        for _, state in run_backfill(context, archive, defaults, which.site, planned):
            states[state] += 1
            shown = ", ".join(f"{count} {name}" for name, count in sorted(states.items()) if name != "requested")
            bar.update(task, advance=1, states=shown)
    return states


def _print_plan(planned: BackfillPlan, takes: Estimate | None, slots: int) -> None:
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


def _print_results(states: Counter[str], left: dict[str, str]) -> None:
    typer.echo(", ".join(f"{count} {name}" for name, count in sorted(states.items())) or "nothing was done")
    for address, reason in list(left.items())[:_LISTED]:
        typer.echo(f"  {address}: {reason}")
    if len(left) > _LISTED:
        typer.echo(f"  … and {len(left) - _LISTED} more")
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
