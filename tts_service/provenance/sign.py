"""Signs the record into a finished file as a C2PA manifest, or into a sidecar if the format can't hold one.

C2PA 2.x: assertion `c2pa.actions.v2`, action `c2pa.created` with `digitalSourceType` and `softwareAgent`; the record
is in the action's parameters. MP3 holds the manifest in an ID3 frame (GEOB), M4A in a box; Ogg has no place for it, so
Opus files have a sidecar.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import IO, Any

import c2pa

from tts_service.errors import NotMarked
from tts_service.provenance.certificate import Credentials
from tts_service.provenance.own_process import is_long, run_apart
from tts_service.provenance.record import Provenance

MEDIA_TYPES = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "wav": "audio/wav"}
"""Formats that embed their manifest, by file extension."""
ANY_BYTES = "application/octet-stream"
"""Media type C2PA uses for other files, hashed as plain bytes."""
ACTIONS = "c2pa.actions.v2"
CREATED = "c2pa.created"
_ALGORITHMS = {algorithm.name.lower(): algorithm for algorithm in c2pa.C2paSigningAlg}
_SETTINGS = {
    # No network access; the published file is read back and verified from the store anyway.
    "verify": {"verify_after_sign": False, "remote_manifest_fetch": False, "ocsp_fetch": False},
    # Larger working data goes to disk.
    "core": {"backing_store_memory_threshold_in_mb": 1},
}


class Seal:
    """Signs the files of a clip revision."""

    def __init__(self, record: Provenance, title: str, credentials: Credentials) -> None:
        self._definition = json.dumps(manifest_of(record, title))
        self._credentials = credentials

    def __call__(self, path: Path, form: str) -> None:
        """Signs the file in place, or writes `sidecar(path)` if its format can't embed. Raises NotMarked."""
        if is_long(path):
            run_apart(path=str(path), form=form, definition=self._definition, credentials=self._credentials.as_json())
        else:
            sign_file(path, form, self._definition, self._credentials)


def sign_file(path: Path, form: str, definition: str, credentials: Credentials) -> None:
    """The same in this process, whatever the file's size; `definition`: manifest_of() as JSON."""
    try:
        if form in MEDIA_TYPES:
            draft = path.with_name(path.name + ".signed")
            with path.open("rb") as plain, draft.open("w+b") as signed:
                _sign(MEDIA_TYPES[form], plain, signed, definition, credentials)
            draft.replace(path)
        else:
            with path.open("rb") as plain, tempfile.TemporaryFile() as copy:  # C2PA requires an output
                manifest = _sign(ANY_BYTES, plain, copy, definition, credentials, embed=False)
            sidecar(path).write_bytes(manifest)
    except c2pa.C2paError as error:
        raise NotMarked(f"{path.name} can't be signed: {error}") from error


def _sign(
    media_type: str,
    plain: IO[bytes],
    signed: IO[bytes],
    definition: str,
    credentials: Credentials,
    *,
    embed: bool = True,
) -> bytes:
    """Writes the signed file; returns the manifest."""
    info = c2pa.C2paSignerInfo(
        alg=_ALGORITHMS[credentials.algorithm],
        sign_cert=credentials.chain_pem,
        private_key=credentials.key_pem,
        ta_url=credentials.tsa_url.encode() if credentials.tsa_url else None,
    )
    context = c2pa.Context(c2pa.Settings.from_dict(_SETTINGS))
    with c2pa.Builder.from_json(definition, context=context) as builder, c2pa.Signer.from_info(info) as signer:
        if not embed:
            builder.set_no_embed()
        return bytes(builder.sign(signer, media_type, plain, signed))


def sidecar(path: Path) -> Path:
    """Path of the sidecar manifest of a file that can't embed one."""
    return path.with_name(path.name + ".c2pa")


def manifest_of(record: Provenance, title: str) -> dict[str, Any]:
    """The manifest definition for C2PA's builder."""
    service, _, version = record.service.partition(" ")
    created = {
        "action": CREATED,
        "when": record.made_at,
        "digitalSourceType": record.digital_source_type,
        "softwareAgent": {"name": service if record.is_recorded else record.main.engine},
        "parameters": record.as_json(),
    }
    return {
        "claim_generator_info": [{"name": service, "version": version or "0"}],
        "title": title,
        "assertions": [{"label": ACTIONS, "data": {"actions": [created]}}],
    }
