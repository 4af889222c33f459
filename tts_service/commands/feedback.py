"""feedback: export or erase a listener's reports on request."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tts_service.commands.app import app, as_json, built
from tts_service.errors import InputRefused

feedback_app = typer.Typer(help="Listeners' reports: export, erase.", no_args_is_help=True)
app.add_typer(feedback_app, name="feedback")

EmailOption = Annotated[str | None, typer.Option(help="Only reports sent with this e-mail address.")]
ReferenceOption = Annotated[str | None, typer.Option(help="Only the report with this reference: R-…")]


@feedback_app.command("export")
def feedback_export(
    email: EmailOption = None,
    reference: ReferenceOption = None,
    site: Annotated[str | None, typer.Option(help="Only reports about this site.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write a CSV table to this file.")] = None,
) -> None:
    """Export everything stored about these reports as JSON; without options, about all reports."""
    from tts_service.retention.listeners import ReportSelection, as_csv
    from tts_service.retention.listeners import export_reports as exported

    rows = exported(built().database, ReportSelection(email=email, reference=reference, site=site))
    if csv is None:
        typer.echo(as_json(rows))
    else:
        csv.write_text(as_csv(rows), encoding="utf-8-sig", newline="")


@feedback_app.command("erase")
def feedback_erase(
    email: EmailOption = None,
    reference: ReferenceOption = None,
    whole: Annotated[bool, typer.Option(help="Erase the whole reports, not only their personal data.")] = False,
) -> None:
    """Erase the e-mail address, comment, note and sender of reports."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.retention.listeners import ReportSelection
    from tts_service.retention.listeners import erase_reports as erased

    if email is None and reference is None:
        raise InputRefused("Give --email or --reference.")
    number = erased(built().database, ReportSelection(email=email, reference=reference), COMMAND_LINE, whole=whole)
    typer.echo(f"{number} {'report' if number == 1 else 'reports'} erased")
