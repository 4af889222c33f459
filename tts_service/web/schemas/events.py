"""Events that publishers receive. callbacks/news.py writes them."""

from __future__ import annotations

from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, Field

from tts_service.web.schemas.fields import ShownClip, ShownSite, ShownUrl, Timestamp

_Kind = TypeVar("_Kind", bound=str)
_Data = TypeVar("_Data", bound=BaseModel)
_CLIP = "https://audio.example.org/v1/clips/clip_019b4c5e77f27c10"


class EventArticle(BaseModel):
    """The article, as the CMS knows it."""

    id: str = Field(examples=["42"])
    url: ShownUrl | None
    title: str | None = Field(examples=["New bridge opens"])


class ClipFacts(BaseModel):
    """What every event about a clip has."""

    site: ShownSite
    article: EventArticle
    clip: ShownClip
    current_revision: int | None = Field(description="What listeners hear; null: nothing yet", examples=[1])
    url: str = Field(description="The clip's description", examples=[_CLIP])
    listen_url: str = Field(examples=["https://audio.example.org/listen/clip_019b4c5e77f27c10"])
    revision: int = Field(examples=[1])
    state: str = Field(examples=["ready"])


class ReadyRendition(BaseModel):
    """A finished file."""

    format: str = Field(examples=["mp3"])
    media_type: str = Field(examples=["audio/mpeg"])
    bytes: int = Field(examples=[241872])
    sha256: str = Field(examples=["9f2b8c4e7a6d5b3c1f0e9d8c7b6a5f4e3d2c1b0a9f8e7d6c5b4a3f2e1d0c9b8a"])


class ClipReady(ClipFacts):
    """A revision is ready."""

    job: str = Field(examples=["job_019b4c5e77f17a42"])
    language: str = Field(examples=["en"])
    voice: str = Field(examples=["piper:en_US-joe-medium"])
    duration_ms: int | None = Field(examples=[15117])
    audio: dict[str, str] = Field(description="Address by format", examples=[{"mp3": f"{_CLIP}/r/1/audio.mp3"}])
    renditions: list[ReadyRendition]


class EventError(BaseModel):
    """Why a job failed."""

    code: str | None = Field(examples=["nothing_to_speak"])
    title: str | None = Field(examples=["Nothing in this article is spoken"])
    detail: str | None = Field(examples=["Every block was skipped."])


class ClipFailed(ClipFacts):
    """A job failed."""

    state: str = Field(examples=["failed"])
    job: str = Field(examples=["job_019b4c5e77f17a42"])
    error: EventError


class ClipWithdrawn(ClipFacts):
    """The clip is offline."""

    state: str = Field(examples=["withdrawn"])


class ReportFacts(ClipFacts):
    """What a report is about; nothing the listener wrote."""

    state: str = Field(examples=["corrected"])
    report: str = Field(examples=["K7QM-2XWA"])
    category: str = Field(examples=["pronunciation"])
    position_ms: int = Field(examples=[4200])
    sentence: str | None = Field(examples=["The harbour town of Elmsworth opened its new bridge on Monday."])
    token: int | None = Field(examples=[4])
    updated_ms: int = Field(examples=[1773041400000])


class TestFacts(BaseModel):
    """A test."""

    endpoint: str = Field(examples=["end_019b4c5e77f37d01"])
    site: ShownSite | None
    text: str = Field(examples=["This is a test."])


class Event(BaseModel, Generic[_Kind, _Data]):
    """An event: `type`, when it happened, and what it is about. Below 20 kB."""

    type: _Kind
    timestamp: Timestamp = Field(description="When it happened, RFC 3339")
    data: _Data


class ClipReadyEvent(Event[Literal["clip.ready"], ClipReady]):
    """A clip has a new revision."""


class ClipFailedEvent(Event[Literal["clip.failed"], ClipFailed]):
    """A job ended without a clip."""


class ClipWithdrawnEvent(Event[Literal["clip.withdrawn"], ClipWithdrawn]):
    """A clip is offline."""


class ReportReceivedEvent(Event[Literal["report.received"], ReportFacts]):
    """A listener's report."""


class ReportResolvedEvent(Event[Literal["report.resolved"], ReportFacts]):
    """A report that is settled."""


class TestEvent(Event[Literal["callback.test"], TestFacts]):
    """A test of an endpoint."""
