"""verify: a file's disclosure, its signer, and whether it is unchanged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tts_service.commands.app import JsonFlag, app, as_json, settings

if TYPE_CHECKING:
    from tts_service.provenance.read_back import FileDisclosure

_EXIT = {"unaltered": 0, "altered": 1, "unsigned": 3}
"""2 is a mistake on the command line."""


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="An audio file: .mp3, .m4a, .wav, .opus.", exists=True, dir_okay=False)],
    manifest: Annotated[
        Path | None, typer.Option(help="Its manifest, if it isn't in FILE or FILE.c2pa.", exists=True)
    ] = None,
    trust: Annotated[
        Path | None,
        typer.Option(help="PEM file with the certificates of signers or authorities that you trust.", exists=True),
    ] = None,
    json_: JsonFlag = False,
) -> None:
    """Check a file's signature and disclosure. Exit code 0: unaltered, 1: altered, 3: not signed."""
    from tts_service.provenance.certificate import own_certificates
    from tts_service.provenance.read_back import read_disclosure

    anchors = trust.read_text("utf-8") if trust else own_certificates(settings())
    told = read_disclosure(file, anchors, manifest)
    typer.echo(as_json(_document(told)) if json_ else "\n".join(_lines(file, told)))
    raise typer.Exit(_EXIT[told.state])


def _document(told: FileDisclosure) -> dict[str, object]:
    return {
        "state": told.state,
        "problems": list(told.problems),
        "signer": told.signer,
        "signer_known": told.known,
        "digital_source_type": told.source_type,
        "record": told.record,
        "tags": dict(told.tags),
    }


def _lines(file: Path, told: FileDisclosure) -> list[str]:
    """The same for people. What an altered file says is shown, but not as a fact."""
    sentences = {
        "unaltered": "unaltered since it was signed",
        "altered": f"ALTERED since it was signed ({', '.join(told.problems)}): don't trust the data below",
        "unsigned": "not signed: it is unknown whether it was altered",
    }
    lines = [f"{file.name}: {sentences[told.state]}"]
    if told.signer:
        lines.append(f"signed by: {told.signer if told.known else f'unknown signer, named {told.signer!r}'}")
    if told.source_type:
        lines.append(f"made as: {told.source_type}")
    for heading, facts in (("record:", told.record or {}), ("tags:", told.tags)):
        lines.append(heading)
        lines += [f"  {name}: {_short(value)}" for name, value in sorted(facts.items()) if value]
    return lines


def _short(value: object) -> str:
    """One line, nothing that a terminal would obey."""
    text = as_json(value) if isinstance(value, (dict, list)) else str(value)
    return "".join(sign if sign.isprintable() else " " for sign in " ".join(text.split()))[:600]
