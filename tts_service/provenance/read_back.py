"""Reads a file's disclosure and verifies that it is unchanged since it was signed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import av
import c2pa

from tts_service.audio.sound_file import open_sound, readable_tags
from tts_service.errors import InputRefused, NotMarked
from tts_service.provenance.own_process import is_long, run_apart
from tts_service.provenance.record import Provenance
from tts_service.provenance.sign import ACTIONS, ANY_BYTES, CREATED, MEDIA_TYPES, sidecar

_TRUSTED = "Trusted"
_UNALTERED = ("Valid", _TRUSTED)
_NOTHING = "ManifestNotFound"
_STRANGER = "signingCredential.untrusted"
_MAX_MANIFEST = 10_000_000
_STORE = b"jumdc2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71"
"""Start of every manifest store: a JUMBF description box of C2PA's type (C2PA 2.x, 11.1)."""
_PIECE_BYTES = 1 << 20


class State(StrEnum):
    """Integrity of a file."""

    UNALTERED = "unaltered"
    ALTERED = "altered"
    UNSIGNED = "unsigned"
    """No manifest in or beside it: integrity is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDisclosure:
    """What a file discloses about itself."""

    tags: Mapping[str, str]
    """Its plain tags; empty for an altered file. In an unsigned file anyone may have written them."""
    state: State
    problems: tuple[str, ...] = ()
    """C2PA status codes of the failures."""
    signer: str | None = None
    """Name in the signing certificate."""
    known: bool = False
    """Whether the certificate chains to one of the given anchors; if not, anyone could have used that name."""
    source_type: str | None = None
    """IPTC digital source type in the manifest, as URL."""
    record: Mapping[str, Any] | None = None
    """Provenance record in the manifest."""


def read_disclosure(path: Path, anchors_pem: str = "", manifest: Path | None = None) -> FileDisclosure:
    """Reads a file; `manifest`: its sidecar file (default: `sidecar(path)`, if present). No network access.

    Raises InputRefused if it is neither audio nor a file with a manifest.
    """
    beside = manifest or _beside(path)
    media_type = MEDIA_TYPES.get(path.suffix.removeprefix(".").lower())
    if media_type is None and beside is None:
        return FileDisclosure(tags=_tags(path), state=State.UNSIGNED)
    try:
        report = _report(path, media_type or ANY_BYTES, anchors_pem, beside)
    except c2pa.C2paError as error:
        if _NOTHING in str(error):
            return _without(path)
        return FileDisclosure(tags={}, state=State.ALTERED, problems=(str(error).splitlines()[0][:200],))
    return _disclosure_of(report, path)


def _beside(path: Path) -> Path | None:
    """The sidecar manifest, if present. A name too long with the suffix has none."""
    try:
        return sidecar(path) if sidecar(path).is_file() else None
    except OSError:
        return None


def confirm(path: Path, record: Provenance) -> None:
    """Raises NotMarked unless the file is unaltered and its tags and manifest match the record."""
    if is_long(path):
        run_apart(path=str(path), record=record.as_json())
    else:
        confirm_here(path, record)


def confirm_here(path: Path, record: Provenance) -> None:
    """The same in this process, whatever the file's size."""
    found = read_disclosure(path)
    if found.state is not State.UNALTERED:
        raise NotMarked(f"{path.name} is {found.state}, as read back from the store: {', '.join(found.problems)}")
    if found.source_type != record.digital_source_type or found.record != record.as_json():
        raise NotMarked(f"The manifest of {path.name} says {found.source_type}, not what the clip's record says.")
    if not any(record.digital_source_type in text for text in found.tags.values()):
        raise NotMarked(f"The tags of {path.name} don't say {record.digital_source_type}.")


def _report(path: Path, media_type: str, anchors_pem: str, beside: Path | None) -> dict[str, Any]:
    verify = {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False}
    settings: dict[str, Any] = {"verify": verify}
    if anchors_pem:
        settings["trust"] = {"user_anchors": anchors_pem}
    context = c2pa.Context(c2pa.Settings.from_dict(settings))
    if beside is not None and beside.stat().st_size > _MAX_MANIFEST:
        raise InputRefused(f"{beside} is too large for a manifest.")
    data = beside.read_bytes() if beside else None
    with path.open("rb") as file, c2pa.Reader(media_type, file, data, context=context) as reader:
        report: dict[str, Any] = json.loads(reader.json())
    return report


def _disclosure_of(report: Mapping[str, Any], path: Path) -> FileDisclosure:
    # From a broken manifest C2PA returns what it could read, sometimes nothing.
    manifest = report.get("manifests", {}).get(report.get("active_manifest"), {})
    created = _created(manifest)
    problems = [found["code"] for found in report.get("validation_status", ())]
    signed = manifest.get("signature_info") or {}
    unaltered = bool(manifest) and report["validation_state"] in _UNALTERED
    return FileDisclosure(
        # A flipped bit can make the tags unreadable.
        tags=_tags(path) if unaltered else {},
        state=State.UNALTERED if unaltered else State.ALTERED,
        problems=tuple(code for code in problems if code != _STRANGER),
        signer=signed.get("common_name") or signed.get("issuer"),
        known=report["validation_state"] == _TRUSTED,
        source_type=created.get("digitalSourceType"),
        record=created.get("parameters"),
    )


def _without(path: Path) -> FileDisclosure:
    """A file without a manifest: never signed, or the reference to the manifest was altered."""
    rest = b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            if _STORE in rest + piece:
                return FileDisclosure(
                    tags={}, state=State.ALTERED, problems=("there is a manifest, but the file doesn't refer to it",)
                )
            rest = piece[-len(_STORE) :]
    return FileDisclosure(tags=_tags(path), state=State.UNSIGNED)


def _created(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """The action that created the file; empty if absent. Other producers' manifests vary in structure."""
    for assertion in manifest.get("assertions", ()):
        actions = assertion["data"].get("actions", ()) if assertion["label"] == ACTIONS else ()
        for action in actions:
            if action.get("action") == CREATED:
                found: Mapping[str, Any] = action
                return found
    return {}


def _tags(path: Path) -> dict[str, str]:
    """Tags of the file and of its audio stream (Ogg stores them there)."""
    try:
        with open_sound(path) as container:
            # The file's tags take precedence over the stream's.
            return readable_tags({**container.streams.audio[0].metadata, **container.metadata})
    except (av.error.FFmpegError, IndexError, ValueError) as error:
        raise InputRefused(f"{path} is not a supported audio file: {error}") from error
