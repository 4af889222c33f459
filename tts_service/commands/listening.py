"""listening: how far clips are listened to, as a table, CSV or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tts_service.commands.app import JsonFlag, app, as_json, built, show_rows

if TYPE_CHECKING:
    from tts_service.listeners.listening.figures import ClipFigures


@app.command("listening")
def print_listening(
    site: Annotated[str | None, typer.Option(help="Only clips of this site (default: every site).")] = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="Number of past days to include.")] = 30,
    limit: Annotated[
        int, typer.Option(min=1, max=10_000, help="Maximum number of clips; those with the most starts come first.")
    ] = 50,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Write the table to this file.")] = None,
    json_: JsonFlag = False,
) -> None:
    """Show how far clips are listened to and where most listeners stop. Counts below 5 are never shown."""
    from tts_service.listeners.listening.figures import figures_of_sites, since_days
    from tts_service.values.spreadsheet import csv_text

    database = built().database
    with database.reading() as session:
        since = since_days(database, session, days)
        found = figures_of_sites(session, (site,) if site else None, since, limit, sentences=True)
    rows = [_row(one) for one in found]
    if csv_file is not None:
        table = csv_text(list(rows[0]) if rows else ["nothing found"], (row.values() for row in rows))
        csv_file.write_text(table, encoding="utf-8-sig", newline="")
    elif json_:
        typer.echo(as_json(rows))
    else:
        show_rows(rows, as_document=False)


def _row(found: ClipFigures) -> dict[str, Any]:
    from tts_service.listeners.listening.counting import MILESTONES
    from tts_service.listeners.listening.figures import FEW, percent

    names = dict(zip(MILESTONES[1:], ("25 %", "50 %", "75 %", "100 %"), strict=True))
    gone = found.left[0] if found.left else None
    return {
        "clip": found.clip_id,
        "site": found.site,
        "title": found.title,
        "starts": found.all.starts if found.all.starts is not None else f"under {FEW}",
        **{shown: percent(found.all, name) for name, shown in names.items()},
        "speed": found.all.speed,
        "most leave at": gone.text if gone else "",
        "leave there": gone.times if gone else "",
    }
