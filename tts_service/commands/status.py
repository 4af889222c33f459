"""status: what is down, what waits, what failed."""

from __future__ import annotations

import typer

from tts_service.commands.app import JsonFlag, app, built, show_rows
from tts_service.commands.app import as_json as document


@app.command("status")
def status(as_json: JsonFlag = False) -> None:
    """Show what is down and what to do about it, what waits, what is being made, and what failed lately.

    The staff's page Running shows the same and more. Exit code 1 if something needs attention.
    """
    from tts_service.monitoring.parts_check import PartsCheck
    from tts_service.monitoring.running import running_now
    from tts_service.storage.watch import StoreWatch
    from tts_service.web.api.running import running_as_json

    parts = built()
    now = running_now(parts, PartsCheck(parts, StoreWatch(parts.store, parts.settings)))
    found = running_as_json(now)
    if as_json:
        typer.echo(document(found))
    else:
        for one in now.down:
            typer.echo(f"▲ {one.message} (docs/operations.md#{one.section})")
        if not now.down:
            typer.echo("Everything works.")
        show_rows(
            [{name: row[name] for name in ("queue", "waiting", "oldest_s", "running")} for row in found["queues"]],
            False,
        )
        for title, rows, columns in (
            ("Being made", found["jobs"], ("site", "article", "stage", "done", "total", "started_at")),
            ("Failed", found["failed"], ("site", "article", "failed_at", "reason")),
            ("Processes", found["processes"], ("part", "machine", "pid", "version", "alive", "seen_at")),
        ):
            if rows:
                typer.echo(f"\n{title}")
                show_rows([{name: row[name] for name in columns} for row in rows], False)
    if now.down:
        raise typer.Exit(1)
