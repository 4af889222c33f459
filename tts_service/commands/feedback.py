"""feedback: export or erase a listener's reports on request."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tts_service.commands.app import app, as_json, built
from tts_service.errors import InputRefused

feedback_app = typer.Typer(help="Listeners' reports: export, erase.", no_args_is_help=True)
app.add_typer(feedback_app, name="feedback")

EmailOption = Annotated[str | None, typer.Option(help="Reports that were sent with this address.")]
ReferenceOption = Annotated[str | None, typer.Option(help="The report with this reference: R-…")]


@feedback_app.command()
def export(
    email: EmailOption = None,
    reference: ReferenceOption = None,
    site: Annotated[str | None, typer.Option(help="Reports about this site.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write a table for a spreadsheet to this file.")] = None,
) -> None:
    """Everything kept of these reports, as JSON; without an option, of all."""
    from tts_service.retention.listeners import Whose, as_csv
    from tts_service.retention.listeners import export as exported

    rows = exported(built().database, Whose(email=email, reference=reference, site=site))
    if csv is None:
        typer.echo(as_json(rows))
    else:
        csv.write_text(as_csv(rows), encoding="utf-8-sig", newline="")


@feedback_app.command()
def erase(
    email: EmailOption = None,
    reference: ReferenceOption = None,
    whole: Annotated[bool, typer.Option(help="The reports themselves, not only what is personal in them.")] = False,
) -> None:
    """Erase e-mail address, comment, note and sender of somebody's reports."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.retention.listeners import Whose
    from tts_service.retention.listeners import erase as erased

    if email is None and reference is None:
        raise InputRefused("Say whose: --email or --reference.")
    number = erased(built().database, Whose(email=email, reference=reference), COMMAND_LINE, whole=whole)
    typer.echo(f"{number} {'report' if number == 1 else 'reports'} erased")
