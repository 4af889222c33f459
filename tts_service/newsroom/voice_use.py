"""Who uses a voice: sites that chose or keep it, addresses for CMSs that ask for it, and clips that it speaks.

Without the voice, other voices speak new articles, and a correction has a clip's sentences spoken anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from tts_service.db.session import Database
from tts_service.db.tables import ClipRevisionRow, ClipRow, JobRow, SiteRow, WebhookSourceRow
from tts_service.errors import Conflict
from tts_service.settings import Settings


class UseOfVoice(StrEnum):
    """How a voice is used; the value says it in words."""

    SETTING = "set as {subject}"
    CHOSEN = "chosen by the site {subject}"
    KEPT = "kept by the site {subject} from before an update"
    ADDRESS = "asked for by an address of the site {subject}"
    CLIPS = "heard in {count} clips, such as {subject}"
    JOBS = "asked for by {count} jobs that wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceUse:
    """Why a voice is needed."""

    voice: str
    """Id."""
    how: UseOfVoice
    subject: str = ""
    count: int = 1

    @property
    def words(self) -> str:
        return self.how.value.format(subject=self.subject, count=self.count)


def require_unused(database: Database, settings: Settings, voices: Iterable[str]) -> None:
    """Raises Conflict, naming who uses one of these voices; its details have the `uses`."""
    uses = [use for voice in voices for use in uses_of(database, settings, voice)]
    if uses:
        named = "; ".join(f"{use.voice} {use.words}" for use in uses)
        raise Conflict(f"It is in use: {named}. Choose another voice there first.", uses=uses)


def uses_of(database: Database, settings: Settings, voice: str) -> list[VoiceUse]:
    """Everything that needs a voice. Raises DatabaseUnavailable."""
    found = []
    if voice == settings.default_voice_en:
        found.append(VoiceUse(voice=voice, how=UseOfVoice.SETTING, subject="TTS_DEFAULT_VOICE_EN"))
    with database.reading() as session:
        return [*found, *_sites(session, voice), *_addresses(session, voice), *_clips(session, voice)]


def _sites(session: Session, voice: str) -> Iterator[VoiceUse]:
    rows = session.execute(select(SiteRow.name, SiteRow.policy, SiteRow.kept_voices).order_by(SiteRow.name))
    for name, policy, kept in rows:
        if voice in set(_named_in(policy or {})):
            yield VoiceUse(voice=voice, how=UseOfVoice.CHOSEN, subject=name)
        elif voice in (kept or {}).values():
            yield VoiceUse(voice=voice, how=UseOfVoice.KEPT, subject=name)


def _named_in(policy: Mapping[str, Any]) -> Iterator[str]:
    yield from policy.get("voices", {}).values()
    for block in (*policy.get("blocks", {}).values(), *policy.get("rules", ())):
        if isinstance(block, Mapping) and block.get("voice"):
            yield block["voice"]


def _addresses(session: Session, voice: str) -> Iterator[VoiceUse]:
    given = select(WebhookSourceRow.site, WebhookSourceRow.options).where(WebhookSourceRow.removed_ms.is_(None))
    sites = {site for site, options in session.execute(given) if (options or {}).get("voice") == voice}
    return (VoiceUse(voice=voice, how=UseOfVoice.ADDRESS, subject=site) for site in sorted(sites))


def _clips(session: Session, voice: str) -> Iterator[VoiceUse]:
    """By the records that clips carry: those that are heard now, and jobs that name the voice."""
    spoken = cast(ClipRevisionRow.provenance, String).contains(f'"{voice}"', autoescape=True)
    current = (ClipRevisionRow.clip_id == ClipRow.id) & (ClipRevisionRow.revision == ClipRow.current_revision)
    clips = select(func.count(), func.min(ClipRow.id)).join(ClipRevisionRow, current).where(spoken)
    count, first = session.execute(clips.where(ClipRow.state != "withdrawn")).one()
    if count:
        yield VoiceUse(voice=voice, how=UseOfVoice.CLIPS, subject=first, count=count)
    waiting = select(func.count()).select_from(JobRow).where(JobRow.state.in_(("queued", "running")))
    if jobs := session.scalar(waiting.where(JobRow.voice == voice)):
        yield VoiceUse(voice=voice, how=UseOfVoice.JOBS, count=jobs)
