"""What every command shares: the Typer app, the settings, output."""

from __future__ import annotations

import json
import warnings
from typing import Annotated, Any

import typer

from tts_service.settings import Settings, load_settings

app = typer.Typer(
    help="Turns published articles into audio clips, and listeners' reports into corrections.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
JsonFlag = Annotated[bool, typer.Option("--json", help="One JSON document for machines.")]


def settings() -> Settings:
    """The settings; unknown TTS_ variables are named on stderr."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        loaded = load_settings()
    for warning in caught:
        typer.echo(f"warning: {warning.message}", err=True)
    return loaded


def say(text: str) -> None:
    """A line for people, on stderr."""
    typer.echo(text, err=True)


def as_json(value: Any) -> str:
    """JSON for machines."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)
