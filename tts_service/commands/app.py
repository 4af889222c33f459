"""What every command shares: the Typer app, the settings, output."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tts_service.installation.fault import Fault
from tts_service.settings import Settings
from tts_service.speakable.readings import NO_LEXICON, Lexical
from tts_service.telemetry.logs import log_as_json

if TYPE_CHECKING:
    from tts_service.parts import Parts

app = typer.Typer(
    help="Turns published articles into audio clips, and listeners' reports into corrections.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

_told: list[Fault] = []
"""Warnings that this process has shown."""

LexiconFile = Annotated[
    Path | None, typer.Option("--lexicon", help="A lexicon to apply (W3C PLS).", exists=True, dir_okay=False)
]


def lexicon_of(file: Path | None) -> Lexical:
    """The entries of a PLS file; none without a file. Raises MarkupRefused with line and column."""
    if file is None:
        return NO_LEXICON
    from tts_service.speakable.lexicon import Lexicon
    from tts_service.speakable.pls import read_pls

    return Lexicon(found.lexeme for found in read_pls(file.read_bytes()).lexemes)


def settings() -> Settings:
    """The settings, all of them checked; warnings go to stderr, once per process. Raises SettingsRefused."""
    from tts_service.installation.check import checked_settings

    loaded, odd = checked_settings()
    if loaded.log_format == "json":
        log_as_json()
    for fault in odd:
        if fault not in _told:
            _told.append(fault)
            typer.echo(f"warning: {fault}", err=True)
    return loaded


def minute_of(ms: int | None) -> str:
    """A time as people read it, or "never"."""
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC") if ms else "never"


def say(text: str) -> None:
    """A line for people, on stderr."""
    typer.echo(text, err=True)


def as_json(value: Any) -> str:
    """JSON for machines."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def built() -> Parts:
    """The parts of this process."""
    from tts_service.wiring import build

    return build(settings())


def noted(parts: Parts, what: str, subject: str, site: str | None = None, **details: Any) -> None:
    """Record in the audit log what an operator does here (see `record`). Raises DatabaseUnavailable."""
    from tts_service.access.audit import COMMAND_LINE, Deed, record

    record(parts.database, Deed(who=COMMAND_LINE, what=what, subject=subject, site=site, details=details))


def show_rows(rows: list[dict[str, Any]], as_document: bool) -> None:
    """Rows as a table, or as a JSON document."""
    if as_document:
        typer.echo(as_json(rows))
        return
    table = Table(*(rows[0] if rows else ["nothing found"]), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*("" if value is None else escape(str(value)) for value in row.values()))
    Console(width=None if Console().is_terminal else 200).print(table)
