"""Who uses a voice: sites that chose or keep it, addresses for CMSs that ask for it, and clips that it speaks.

Without the voice, other voices speak new articles, and a correction has a clip's sentences spoken anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from tts_service.db.session import Database
from tts_service.db.tables import ClipRevisionRow, ClipRow, JobRow, SiteRow, WebhookSourceRow
from tts_service.errors import Conflict
from tts_service.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceUse:
    """Why a voice is needed."""

    voice: str
    """Id."""
    by: str
    """In words."""


def require_unused(database: Database, settings: Settings, voices: Iterable[str]) -> None:
    """Raises Conflict, naming who uses one of these voices."""
    uses = [use for voice in voices for use in uses_of(database, settings, voice)]
    if uses:
        named = "; ".join(f"{use.voice}: {use.by}" for use in uses)
        raise Conflict(f"It is in use. {named}. Choose another voice for them first, or remove it all the same.")


def uses_of(database: Database, settings: Settings, voice: str) -> list[VoiceUse]:
    """Everything that needs a voice. Raises DatabaseUnavailable."""
    found = [by for by, one in (("set as TTS_DEFAULT_VOICE_EN", settings.default_voice_en),) if one == voice]
    with database.reading() as session:
        found += _sites(session, voice)
        found += _hooks(session, voice)
        found += _clips(session, voice)
    return [VoiceUse(voice=voice, by=by) for by in found]


def _sites(session: Session, voice: str) -> Iterator[str]:
    rows = session.execute(select(SiteRow.name, SiteRow.policy, SiteRow.kept_voices).order_by(SiteRow.name))
    for name, policy, kept in rows:
        if voice in set(_named_in(policy or {})):
            yield f"chosen by the site {name}"
        elif voice in (kept or {}).values():
            yield f"kept by the site {name} from before an update"


def _named_in(policy: Mapping[str, Any]) -> Iterator[str]:
    yield from policy.get("voices", {}).values()
    for block in (*policy.get("blocks", {}).values(), *policy.get("rules", ())):
        if isinstance(block, Mapping) and block.get("voice"):
            yield block["voice"]


def _hooks(session: Session, voice: str) -> Iterator[str]:
    given = select(WebhookSourceRow).where(WebhookSourceRow.removed_ms.is_(None))
    for hook in session.scalars(given.order_by(WebhookSourceRow.id)):
        if (hook.options or {}).get("voice") == voice:
            yield f"asked for by the address {hook.id} of the site {hook.site}"


def _clips(session: Session, voice: str) -> Iterator[str]:
    """By the records that clips carry: one that is heard now, and one whose job names the voice."""
    spoken = cast(ClipRevisionRow.provenance, String).contains(f'"{voice}"', autoescape=True)
    current = (ClipRevisionRow.clip_id == ClipRow.id) & (ClipRevisionRow.revision == ClipRow.current_revision)
    clips = select(func.count(), func.min(ClipRow.id)).join(ClipRevisionRow, current).where(spoken)
    count, first = session.execute(clips.where(ClipRow.state != "withdrawn")).one()
    if count:
        yield f"speaks {count} clip{'s' if count > 1 else ''}, such as {first}"
    unfinished = select(func.count()).select_from(JobRow).where(JobRow.state.in_(("queued", "running")))
    waiting = session.scalar(unfinished.where(JobRow.voice == voice))
    if waiting:
        yield f"asked for by {waiting} job{'s' if waiting > 1 else ''} that wait{'' if waiting > 1 else 's'}"
