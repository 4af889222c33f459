"""jobs, doctor: inspect the service and its setup."""

from __future__ import annotations

from typing import Annotated

import typer

from tts_service.commands.app import JsonFlag, app, built, show_rows


@app.command()
def jobs(
    state: Annotated[str | None, typer.Option(help="Only jobs in this state.")] = None,
    limit: int = 20,
    json_: JsonFlag = False,
) -> None:
    """List the newest jobs."""
    from sqlalchemy import select

    from tts_service.db.tables import JobRow

    with built().database.reading() as session:
        query = select(JobRow).order_by(JobRow.created_ms.desc()).limit(limit)
        rows = session.scalars(query.where(JobRow.state == state) if state else query).all()
    found = [
        {
            "id": r.id,
            "site": r.site,
            "state": r.state,
            "queue": r.queue,
            "waiting": r.waiting,
            "done": r.done,
            "total": r.total,
            "error": (r.error or {}).get("detail"),
        }
        for r in rows
    ]
    show_rows(found, json_)


@app.command()
def doctor() -> None:
    """Check the settings, the parts and one sentence from text to reader, and say how to fix what fails."""
    from tts_service.commands.doctor.parts import check_all
    from tts_service.installation.check import read_settings

    fine = True
    for row in check_all(*read_settings()):
        fine = fine and row.fine
        typer.echo(f"{row.mark}  {row.name}: {row.found}")
        if row.advice:
            typer.echo(f"      {row.advice}")
    if not fine:
        raise typer.Exit(1)
