"""What every command shares: the Typer app, the settings, output."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Annotated, Any

import typer

from tts_service.settings import Settings, load_settings
from tts_service.speakable.readings import NO_LEXICON, Lexical

app = typer.Typer(
    help="Turns published articles into audio clips, and listeners' reports into corrections.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
JsonFlag = Annotated[bool, typer.Option("--json", help="One JSON document for machines.")]

LexiconFile = Annotated[
    Path | None, typer.Option("--lexicon", help="A lexicon (W3C PLS) whose entries count.", exists=True, dir_okay=False)
]


def lexicon_of(file: Path | None) -> Lexical:
    """The entries of a PLS file; none without a file. Raises MarkupRefused with line and column."""
    if file is None:
        return NO_LEXICON
    from tts_service.speakable.lexicon import Lexicon
    from tts_service.speakable.pls import read_pls

    return Lexicon(found.lexeme for found in read_pls(file.read_bytes()).lexemes)


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
