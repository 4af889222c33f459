"""Clips, grants and voices."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from tts_service.access.grants import LIFE_S, LONGEST_S, RENEW_S
from tts_service.web.schemas.fields import WHOLE, Cleaned
from tts_service.web.schemas.jobs import LeftOut, ProgressOut


class RenditionOut(BaseModel):
    format: str
    media_type: str
    bytes: int
    sha256: str
    url: str
    manifest_url: str | None = Field(description="Its C2PA manifest where that lies beside it; null: it is inside")


class ClipOut(BaseModel):
    """A clip as anybody may see it."""

    id: str
    state: Literal["rendering", "ready", "failed"]
    revision: int | None = Field(description="The newest finished revision; the one in the making before that")
    title: str
    language: str | None
    duration_ms: int | None
    progress: ProgressOut | None = Field(None, description="How far the rendering is; null when it is finished")
    listen_url: str
    about_url: str
    feedback_url: str
    feedback_token: str = Field(description="Goes along with a report about this clip, as `clip_token`; lasts 2 h")
    audio: dict[str, str]
    captions_url: str
    marks_url: str
    transcript_url: str
    renditions: list[RenditionOut]
    left_out: list[LeftOut] = Field(default=[], description="Formats whose files didn't pass: the clip lacks them")
    disclosure: str
    listening: bool = Field(description="Whether players tell how far it is heard; the site decides")
    voice: dict[str, Any] | None
    provenance: dict[str, Any] | None
    grant: str | None = Field(
        None, description="Of a clip that isn't public: a grant that lasts longer than the one of this request"
    )


class GrantIn(Cleaned):
    """How long a reader may hear a clip that isn't public."""

    life_s: Annotated[int, Field(ge=1, le=LONGEST_S), WHOLE] = Field(
        LIFE_S, description="Seconds until it has to be renewed"
    )
    renew_s: Annotated[int, Field(ge=0, le=LONGEST_S), WHOLE] = Field(
        RENEW_S, description="Seconds in which its holder can renew it; 0: never"
    )


class GrantOut(BaseModel):
    """What the article's page hands to its reader, and to nobody else."""

    clip: str
    grant: str = Field(description="The player's attribute `grant`; `?grant=…` on every address of the clip")
    expires_at: str
    renewable_until: str = Field(description="No renewal lasts beyond this")
    listen_url: str = Field(description="The clip's page, opened")
    embed_url: str = Field(description="The player's frame, opened")
    audio_url: str = Field(description="The sound, opened")


class ClipList(BaseModel):
    clips: list[ClipOut]


class VoiceOut(BaseModel):
    id: str
    engine: str
    name: str
    language: str
    licence: str
    digital_source_type: str
    sample_rate_hz: int


class VoiceList(BaseModel):
    voices: list[VoiceOut]
