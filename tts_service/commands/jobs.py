"""jobs: list the newest jobs."""

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
