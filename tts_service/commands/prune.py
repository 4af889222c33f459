"""prune: delete what was kept long enough."""

from __future__ import annotations

from typing import Annotated

import typer

from tts_service.commands.app import JsonFlag, app, built, minute_of, noted, say, show_rows


@app.command("prune")
def prune(
    site: Annotated[str | None, typer.Option("--site", help="Only this site's clips, jobs and texts.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Delete what was kept as long as the sites' options say, and files that nothing refers to.

    Beat does the same all the time. What a current clip, an open report, a held version, an unfinished job or a
    correction that can still be taken back needs always stays.
    """
    from tts_service.retention.prune import prune_all, weigh_all
    from tts_service.retention.pruned import KINDS

    parts = built()
    pruned = weigh_all(parts, site) if dry_run else prune_all(parts, site)
    if pruned.held_until_ms is not None:
        say(
            "Nothing was deleted: the database is new, its clock jumped, or pruning stood still for days. "
            f"It goes on at {minute_of(pruned.held_until_ms)} if the clock is right until then."
        )
        raise typer.Exit(1)
    if not dry_run:
        noted(parts, "service.pruned", site or "all sites", site, **dict(pruned.amounts))
    kinds = [kind for kind in KINDS if pruned.amounts[kind]]
    show_rows([{"kind": kind, "number": pruned.amounts[kind], "bytes": pruned.bytes[kind]} for kind in kinds], as_json)
    if not as_json:
        say(f"{pruned.total_bytes} bytes of audio {'would go' if dry_run else 'went'}")
