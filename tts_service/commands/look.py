"""voices, keys, jobs, doctor: looking at the service and setting it up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from tts_service.commands.app import JsonFlag, app, as_json, say, settings
from tts_service.parts import Parts

voices_app = typer.Typer(help="Voices: list, add.", invoke_without_command=True)
keys_app = typer.Typer(help="API keys: list, add, revoke.", invoke_without_command=True)
app.add_typer(voices_app, name="voices")
app.add_typer(keys_app, name="keys")


@voices_app.callback()
def voices(context: typer.Context, json_: JsonFlag = False, lang: str | None = None) -> None:
    """Every voice this installation can speak with."""
    if context.invoked_subcommand:
        return
    from tts_service.engines.registry import Registry

    registry = Registry(settings())
    found = [v for v in registry.voices() if not lang or v.language.lower().startswith(lang.lower())]
    rows = [{"id": v.id, "language": v.language, "sample_rate_hz": v.sample_rate_hz, "licence": v.licence,
             "digital_source_type": v.digital_source_type.value} for v in found]  # fmt: skip
    _show(rows, json_)
    for engine, reason in registry.absent.items():
        say(f"{engine}: not here, {reason}")


@voices_app.command("add")
def voices_add(
    model: Annotated[Path, typer.Argument(help="FILE.onnx of a Piper voice, FILE.onnx.json beside it.")],
    licence: Annotated[str, typer.Option(help="Licence of the voice, shown to listeners.")],
    name: Annotated[str | None, typer.Option(help="Name of the voice (default: the file's).")] = None,
) -> None:
    """Add a Piper voice: checked, hashed, calibrated, kept in the voices folder."""
    from tts_service.audio.loudness import LIVE_CEILING_DBTP, level
    from tts_service.engines.voices import add_voice

    def limited(pcm: bytes, gain_db: float, rate_hz: int) -> bytes:
        return level(pcm, gain_db, LIVE_CEILING_DBTP, rate_hz)

    voice = add_voice(model, licence=licence, voices_folder=settings().voices_folder, name=name, level=limited)
    typer.echo(f"{voice.id}  {voice.language}  {voice.sample_rate_hz} Hz  gain {voice.gain_db:+.1f} dB")


@keys_app.callback()
def keys(context: typer.Context, json_: JsonFlag = False) -> None:
    """The keys that are there (never their secrets)."""
    if context.invoked_subcommand:
        return
    from tts_service.web.auth import list_keys

    _show([dict(key) for key in list_keys(_parts().database)], json_)


@keys_app.command("add")
def keys_add(
    name: Annotated[str, typer.Argument(help="Who uses it.")],
    scopes: Annotated[
        str, typer.Option(help="jobs:write,jobs:read,reports,sites,lexicon,callbacks")
    ] = "jobs:write,jobs:read",
    site: Annotated[str | None, typer.Option(help="Only this site.")] = None,
    days: Annotated[int | None, typer.Option(help="Expires after so many days.")] = None,
) -> None:
    """Make a key. It is shown this once."""
    from tts_service.web.auth import create_key

    typer.echo(create_key(_parts().database, name, tuple(scopes.split(",")), site=site, days=days))


@keys_app.command("revoke")
def keys_revoke(key_id: Annotated[str, typer.Argument(help="The 8 characters behind ltk_.")]) -> None:
    """End a key at once."""
    from tts_service.web.auth import revoke_key

    revoke_key(_parts().database, key_id)


@app.command()
def jobs(
    state: Annotated[str | None, typer.Option(help="Only jobs in this state.")] = None,
    limit: int = 20,
    json_: JsonFlag = False,
) -> None:
    """The newest jobs."""
    from sqlalchemy import select

    from tts_service.db.tables import JobRow

    with _parts().database.reading() as session:
        query = select(JobRow).order_by(JobRow.created_ms.desc()).limit(limit)
        rows = session.scalars(query.where(JobRow.state == state) if state else query).all()
    found = [
        {"id": r.id, "site": r.site, "state": r.state, "queue": r.queue, "waiting": r.waiting,
         "done": r.done, "total": r.total, "error": (r.error or {}).get("detail")}
        for r in rows
    ]  # fmt: skip
    _show(found, json_)


@app.command()
def doctor() -> None:
    """Check each part of the installation; say what to do about what fails."""
    from tts_service.commands.doctor import check_all

    rows = check_all(settings())
    for row in rows:
        typer.echo(f"{'ok  ' if row.fine else 'FAIL'}  {row.name}: {row.found}")
        if row.advice:
            typer.echo(f"      {row.advice}")
    if not all(row.fine for row in rows):
        raise typer.Exit(1)


def _parts() -> Parts:
    from tts_service.wiring import build

    return build(settings())


def _show(rows: list[dict[str, Any]], as_document: bool) -> None:
    if as_document:
        typer.echo(as_json(rows))
        return
    table = Table(*(rows[0] if rows else ["nothing here"]), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console(width=None if Console().is_terminal else 200).print(table)
