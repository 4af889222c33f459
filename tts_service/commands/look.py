"""voices, jobs, doctor: inspect the service and set it up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tts_service.commands.app import JsonFlag, app, built, say, settings, show_rows

voices_app = typer.Typer(help="Voices: list, add.", invoke_without_command=True)
app.add_typer(voices_app, name="voices")


@voices_app.callback()
def voices(context: typer.Context, json_: JsonFlag = False, lang: str | None = None) -> None:
    """List the available voices, and which languages each speaks by default and why."""
    if context.invoked_subcommand:
        return
    from tts_service.engines.voices.licences import VOICE_LICENCES
    from tts_service.engines.voices.registry import Registry
    from tts_service.speakable.language import codes

    registry = Registry(settings())
    choices = {code: registry.choice(code) for code in codes() if registry.speaks(code)}
    found = [v for v in registry.voices() if not lang or v.language.lower().startswith(lang.lower())]
    rows = [
        {
            "id": v.id,
            "language": v.language,
            "sample_rate_hz": v.sample_rate_hz,
            "cpu_s_per_minute": v.cpu_s_per_minute,
            "licence": v.licence,
            "digital_source_type": v.digital_source_type.value,
            "commercial": VOICE_LICENCES[v.id].commercial.value if v.id in VOICE_LICENCES else None,
            "default_for": ", ".join(f"{code} ({one.reason})" for code, one in choices.items() if one.voice == v)
            or None,
        }
        for v in found
    ]
    show_rows(rows, json_)
    for code, choice in choices.items():
        for missing in choice.missing:
            say(f"{code}: {missing} is not installed, {choice.voice.id} speaks instead")
    for engine, reason in registry.absent.items():
        say(f"{engine}: not available, {reason}")


@voices_app.command("add")
def voices_add(
    model: Annotated[Path, typer.Argument(help="FILE.onnx of a Piper voice, with FILE.onnx.json next to it.")],
    licence: Annotated[str, typer.Option(help="Licence of the voice, shown to listeners.")],
    name: Annotated[str | None, typer.Option(help="Name of the voice (default: the file's).")] = None,
) -> None:
    """Add a Piper voice: check it, measure its loudness and copy it into the voices folder."""
    from tts_service.audio.loudness import LIVE_CEILING_DBTP, level
    from tts_service.engines.voices.adding import add_voice

    def limited(pcm: bytes, gain_db: float, rate_hz: int) -> bytes:
        return level(pcm, gain_db, LIVE_CEILING_DBTP, rate_hz)

    voice = add_voice(model, licence=licence, voices_folder=settings().voices_folder, name=name, level=limited)
    typer.echo(f"{voice.id}  {voice.language}  {voice.sample_rate_hz} Hz  gain {voice.gain_db:+.1f} dB")


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
