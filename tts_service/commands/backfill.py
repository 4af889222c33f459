"""backfill: speak an archive, at its host's pace, with lower priority than new articles."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from tts_service.commands.app import app, settings


@app.command()
def backfill(
    site: Annotated[str, typer.Option(help="The site's short name.")],
    file: Annotated[
        Path | None,
        typer.Argument(
            help="One URL per line, or one JSON article per line as for POST /v1/jobs.", exists=True, dir_okay=False
        ),
    ] = None,
    feed: Annotated[str | None, typer.Option(help="URL of an RSS or Atom feed, read with all its pages.")] = None,
    sitemap: Annotated[str | None, typer.Option(help="URL of a sitemap or sitemap index.")] = None,
    since: Annotated[
        datetime | None,
        typer.Option(help="Only articles changed since this day, in the site's time_zone.", formats=["%Y-%m-%d"]),
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Maximum number of articles in this run.", min=1)] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print the estimate.")] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Also retry articles that failed before.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask for confirmation.")] = False,
    pause: Annotated[float | None, typer.Option(help="Seconds between two requests to the same host.", min=0)] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the estimate and the results as JSON.")] = False,
) -> None:
    """Speak an archive. If interrupted, run the same command to resume."""
    listed = [given for given in (file, feed, sitemap) if given is not None]
    if len(listed) != 1:
        raise typer.BadParameter("give exactly one of FILE, --feed and --sitemap")
    from tts_service.commands.archive_run import ArchiveRequest, RunOptions, run_archive

    request = ArchiveRequest(
        site=site, listed=listed[0], since=since, limit=limit, failed_too=retry_failed, pause_s=pause
    )
    run_archive(settings(), request, RunOptions(dry_run=dry_run, yes=yes, json_=json_))
