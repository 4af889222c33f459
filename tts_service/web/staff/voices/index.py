"""Voices, for admins: what is installed, what can be, and the forms that install and remove.

An installation runs in a thread of this process. Every process sees how far it is (engines/voices/installing.py); if
this one ends, the same form goes on where it stopped.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from tts_service.access.audit import Deed, record
from tts_service.access.staff import Person
from tts_service.access.tokens import form_token
from tts_service.audio.loudness import LIVE_CEILING_DBTP, level
from tts_service.engines.voices.catalogue import catalogue_voice
from tts_service.engines.voices.download import web_source
from tts_service.engines.voices.install import (
    InstallOrder,
    install_voice,
    plan_removal,
    remove_voice,
    require_installable,
)
from tts_service.errors import Conflict, InputRefused, ServiceError
from tts_service.http.client import outbound_of
from tts_service.newsroom.voice_use import VoiceUse, require_unused
from tts_service.parts import Parts
from tts_service.web.given import GivenParts
from tts_service.web.languages import language_accepted
from tts_service.web.pages.templating import page
from tts_service.web.staff.session import AdminSignedIn, OwnForm
from tts_service.web.staff.voices.rows import anything_running, installed_rows, offered_rows

router = APIRouter(prefix="/staff", include_in_schema=False)
log = logging.getLogger(__name__)
_DEEDS = {"install": "voice.installing", "remove": "voice.removed"}
"""What the forms do, as the audit log calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedDeed:
    """A form that was refused."""

    voice: str
    """Id, as it was sent."""
    complaint: str
    status: int
    uses: tuple[VoiceUse, ...] = ()
    """Why the voice isn't removed."""


@router.get("/voices")
def show_voices(request: Request, person: AdminSignedIn, parts: GivenParts) -> Response:
    """The voices."""
    return _page(request, parts, person)


@router.post("/voices")
async def change_voices(request: Request, person: AdminSignedIn, form: OwnForm, parts: GivenParts) -> Response:
    """Install a voice of the catalogue, or remove one from the voices folder."""
    return await run_in_threadpool(_change, request, parts, person, form)


def _change(request: Request, parts: Parts, person: Person, form: Mapping[str, str]) -> Response:
    voice_id = form.get("voice", "")
    try:
        match form.get("do", ""):
            case "install":
                _start_installing(parts, person, voice_id, licence_accepted=form.get("accept") == "yes")
            case "remove":
                _remove(parts, person, voice_id, although_used=form.get("force") == "yes")
            case _:
                raise InputRefused("This form is not known here: open the page again.")
    except ServiceError as error:
        uses = error.details.get("uses", ()) if isinstance(error, Conflict) else ()
        refused = RefusedDeed(voice=voice_id, complaint=error.message, status=error.status, uses=tuple(uses))
        return _page(request, parts, person, refused)
    return RedirectResponse(f"/staff/voices?done={_DEEDS[form['do']]}#told", 303)


def _start_installing(parts: Parts, person: Person, voice_id: str, *, licence_accepted: bool) -> None:
    """Raises VoiceNotFound, VoiceRefused, InputRefused: its licence isn't accepted."""
    voice, folder = catalogue_voice(voice_id), parts.settings.voices_folder
    require_installable(voice, folder, licence_accepted=licence_accepted)
    order = InstallOrder(
        voice=voice,
        source=web_source(outbound_of(parts.settings), parts.settings.voice_mirror, voice),
        by=person.who,
        licence_accepted=licence_accepted,
        level=lambda pcm, gain_db, rate_hz: level(pcm, gain_db, LIVE_CEILING_DBTP, rate_hz),
    )

    def run() -> None:
        try:
            install_voice(order, folder)
        except ServiceError as error:  # the page shows it, too
            log.warning("the voice %s wasn't installed: %s", voice_id, error.message)
        except Exception:
            log.exception("the voice %s wasn't installed", voice_id)

    accepted = {"licence_accepted": voice.licence.commercial.value} if licence_accepted else {}
    record(parts.database, Deed(who=person.who, what=_DEEDS["install"], subject=voice_id, details=accepted))
    threading.Thread(target=run, name=f"install {voice_id}", daemon=True).start()


def _remove(parts: Parts, person: Person, voice_id: str, *, although_used: bool) -> None:
    """Raises VoiceNotFound, VoiceRefused, Conflict: something uses it."""
    folder = parts.settings.voices_folder
    removal = plan_removal(voice_id, folder)
    if not although_used:
        require_unused(parts.database, parts.settings, removal.lost)
    remove_voice(removal, folder)
    record(parts.database, Deed(who=person.who, what=_DEEDS["remove"], subject=voice_id))


def _page(request: Request, parts: Parts, person: Person, refused: RefusedDeed | None = None) -> Response:
    offered = offered_rows(parts)
    values = {
        "person": person,
        "form_token": form_token(person.token),
        "installed": installed_rows(parts),
        "offered": offered,
        "running": anything_running(offered),
        "refused": refused,
        "done": done if (done := request.query_params.get("done", "")) in _DEEDS.values() else "",
    }
    status = refused.status if refused else 200
    return page(request, "staff_voices.html", values, language=language_accepted(request), status=status)
