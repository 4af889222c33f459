"""A site's audition: hear a text in each voice of its language, see what each costs, and choose one for the site."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from tts_service.access.staff import Person
from tts_service.ears.listener import Listener
from tts_service.ears.model_files import missing
from tts_service.engines.base import Speaks
from tts_service.errors import InputRefused, ServiceError
from tts_service.errors.faults import expected
from tts_service.newsroom.audition import SiteAudition, levelled_sound
from tts_service.newsroom.policies import change_policy
from tts_service.newsroom.remote_budget import BudgetedEngine
from tts_service.newsroom.sites import SITE_NAME
from tts_service.parts import Parts
from tts_service.speakable.language import codes
from tts_service.values import BlockKind
from tts_service.web.given import GivenParts
from tts_service.web.sound.wav import wav_answer
from tts_service.web.staff.session import AdminSignedIn, OwnForm, SignedIn
from tts_service.web.staff.sites.audition_page import AuditionForm, AuditionOutcome, audition_page, form_for

router = APIRouter(prefix="/staff/sites", include_in_schema=False)

SiteName = Annotated[str, Path(pattern=SITE_NAME)]
_ONE_LISTENS = threading.Lock()
"""The recogniser takes several hundred megabytes."""
_KEY = expected("^[0-9a-f]{64}$", "must be a key as the page of an audition has it")


@router.get("/{site}/audition")
def show_audition(
    request: Request,
    site: SiteName,
    person: SignedIn,
    parts: GivenParts,
    article: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """The form, filled with the first paragraphs of an article of the site. Raises NotAllowed, NotFound."""
    person.require_site(site)
    return audition_page(request, parts, person, site, form_for(parts, site, article))


@router.post("/{site}/audition")
async def speak_sentences(
    request: Request, site: SiteName, person: SignedIn, form: OwnForm, parts: GivenParts
) -> Response:
    """Speak the next sentences in one voice, or in the cheapest one that isn't ready, or have the recogniser hear one
    that is; the page's script sends the form again until nothing is left to do. Raises NotAllowed."""
    person.require_site(site)
    return await run_in_threadpool(_speak, request, parts, person, site, form)


@router.post("/{site}/audition/choose")
async def choose_voice_heard(
    request: Request, site: SiteName, person: AdminSignedIn, form: OwnForm, parts: GivenParts
) -> Response:
    """Let a voice speak the site's articles in the language, or one kind of block. Raises NotAllowed."""
    return await run_in_threadpool(_choose, request, parts, person, site, form)


@router.get("/{site}/audition/{key}.wav")
def audition_sound(
    site: SiteName, key: Annotated[str, Path(pattern=_KEY)], person: SignedIn, parts: GivenParts
) -> Response:
    """The text in one voice, levelled. Raises NotAllowed, NotFound, StoreUnavailable."""
    person.require_site(site)
    return wav_answer(levelled_sound(parts, key))


def _speak(request: Request, parts: Parts, person: Person, site: str, form: Mapping[str, str]) -> Response:
    sent = AuditionForm.of(form)
    engine = BudgetedEngine(request.app.state.resident_engine, parts.database, site)
    try:
        audition = SiteAudition(parts, site, sent.text, sent.language)
        outcome = _next(parts, audition, engine, sent.voice)
    except ServiceError as error:
        outcome = AuditionOutcome(complaint=error.message, status=error.status)
    return audition_page(request, parts, person, site, sent, outcome)


def _next(parts: Parts, audition: SiteAudition, engine: Speaks, voice_id: str) -> AuditionOutcome:
    """`voice_id` empty: any voice. Raises InputRefused, EarsUnavailable, EngineUnavailable, StoreUnavailable,
    VoiceRefused."""
    named = [voice for voice in audition.voices if voice_id in ("", voice.id)]
    if not named:
        raise InputRefused(f"No installed voice of this language is called {voice_id[:100]!r}: choose one of the list.")
    waiting = [voice for voice in named if audition.progress(voice).sound_key is None]
    unheard = [] if missing() else [voice for voice in named if not audition.is_heard(voice)]
    if waiting:
        voice = min(waiting, key=lambda one: one.cpu_s_per_minute or 0.0)
        progress = audition.speak_on(engine, voice)
        more = len(waiting) > 1 or progress.sound_key is None or bool(unheard)
        return AuditionOutcome(progress={voice.id: progress}, more=more)
    if not unheard:
        return AuditionOutcome()
    with _ONE_LISTENS, Listener(parts.settings) as ears:
        progress = audition.hear(ears, unheard[0])
    return AuditionOutcome(progress={unheard[0].id: progress}, more=len(unheard) > 1)


def _choose(request: Request, parts: Parts, person: Person, site: str, form: Mapping[str, str]) -> Response:
    sent = AuditionForm.of(form)
    try:
        choice = _choice_of(form, sent.language)
        change_policy(parts.database, parts.voices, site, choice.into, who=person.who)
        outcome = AuditionOutcome(saved=True)
    except ServiceError as error:
        outcome = AuditionOutcome(complaint=error.message, status=error.status)
    return audition_page(request, parts, person, site, sent, outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class _VoiceUse:
    """A voice and what it is to speak."""

    voice: str
    language: str
    kind: BlockKind | None
    """None: articles in the language."""

    def into(self, policy: Mapping[str, object]) -> dict[str, object]:
        """A site's policy (JSON) with this voice."""
        if self.kind is None:
            return {**policy, "voices": {**_part(policy, "voices"), self.language: self.voice}}
        blocks = _part(policy, "blocks")
        own = {**_part(blocks, self.kind.value), "voice": self.voice}
        return {**policy, "blocks": {**blocks, self.kind.value: own}}


def _part(policy: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = policy.get(name)
    return found if isinstance(found, Mapping) else {}


def _choice_of(form: Mapping[str, str], language: str) -> _VoiceUse:
    """Raises InputRefused."""
    use = form.get("use", "")
    if language not in codes() or use not in ("", *BlockKind):
        raise InputRefused("This form is not known here: open the page again.")
    if not form.get("chosen"):
        raise InputRefused("Choose a voice.")
    return _VoiceUse(voice=form["chosen"], language=language, kind=BlockKind(use) if use else None)
