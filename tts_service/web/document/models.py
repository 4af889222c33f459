"""JSON that routes write themselves, as OpenAPI shows it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel


class MarkedWord(BaseModel):
    """A word and when it sounds."""

    start: int = Field(description="First character in the block's text")
    end: int = Field(description="One past the last character")
    text: str = Field(description="As written")
    spoken: str = Field(description="As said")
    token: int | None = Field(description="Its index in the sentence, which a report names")
    start_ms: int
    end_ms: int


class MarkedSentence(BaseModel):
    """A sentence and when it sounds."""

    block: int
    start: int = Field(description="First character in the block's text")
    end: int = Field(description="One past the last character")
    text: str
    start_ms: int
    end_ms: int
    words: list[MarkedWord]


class Chapter(BaseModel):
    """Where a headline or a heading begins."""

    title: str
    start_ms: int


class Marks(BaseModel):
    """marks.json: when every sentence and word sounds."""

    revision: int
    end_ms: int | None = Field(description="Where the clip ends; null while it is made")
    sentences: list[MarkedSentence]
    chapters: list[Chapter]


class JobEvent(BaseModel):
    """A server-sent event of a job."""

    event: Literal["progress", "succeeded", "failed", "cancelled", "superseded"]
    id: str
    retry: int | None = Field(None, description="Milliseconds after which a client connects again")
    data: str = Field(description="The job as JSON, as GET /v1/jobs/{job_id} gives it")


class PodcastChapter(BaseModel):
    """Where a headline or a heading begins, in seconds."""

    startTime: float  # noqa: N815  # as the format has it
    title: str


class PodcastChapters(BaseModel):
    """JSON chapters 1.2, as podcast apps read them."""

    version: Literal["1.2.0"]
    chapters: list[PodcastChapter]


class Frame(BaseModel):
    """An oEmbed 1.0 answer of type `rich`."""

    version: Literal["1.0"]
    type: Literal["rich"]
    title: str
    provider_name: str
    provider_url: str
    cache_age: int
    width: int
    height: int
    html: str = Field(description="An iframe with the player")


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"]
    instance: str | None = Field(None, description="The name the process was given")
    proxy: list[str] | None = Field(
        None, description="How the headers of the proxy on this request's way contradict the service's settings"
    )


class Readiness(BaseModel):
    """Its parts answer, too."""

    status: Literal["ok"]
    database: Literal["ok"]
    store: Literal["ok"]


class WebhookBody(RootModel[Any]):
    """JSON as the CMS sends it: see docs/cms."""


class FeedbackForm(BaseModel):
    """A report as the page without scripts sends it."""

    model_config = ConfigDict(extra="forbid")

    clip: str
    revision: int | None = None
    position: str = Field("", description="The place as people write it: 1:23", examples=["0:04"])
    category: Literal["pronunciation", "number", "missing", "extra", "sound", "other"]
    clip_token: str = Field(description="From the form")
    website: str = Field("", description="Leave it empty: only machines fill it in")
    comment: str = ""
    email: str = ""
    sent_key: str | None = Field(None, description="From the form: sent twice, it is kept once")
