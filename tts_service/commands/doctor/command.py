"""doctor: check this installation and say how to repair it."""

from __future__ import annotations

import typer

from tts_service.commands.app import app


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
