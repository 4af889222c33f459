"""Articles and jobs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from tts_service.jobs.submit import Wish
from tts_service.values import Article, SourceFormat
from tts_service.web.schemas.fields import (
    Cleaned,
    ExternalId,
    Heading,
    LanguageTag,
    Priority,
    SiteName,
    Visibility,
    WebAddress,
)

_SOURCES = tuple(form.value for form in SourceFormat)
_ONE_SOURCE: JsonDict = {
    "anyOf": [
        {"required": [name], "properties": {other: {"type": "string" if other == name else "null"}
                                            for other in _SOURCES}}
        for name in _SOURCES
    ]
}  # fmt: skip
"""What _one_source checks, for the document."""


class ArticleIn(BaseModel):
    """An article; exactly one of text, html, markdown and ssml."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_ONE_SOURCE)

    site: SiteName
    id: ExternalId
    url: WebAddress | None = None
    title: str | None = Field(None, max_length=1000)
    author: str | None = Field(None, max_length=500)
    published_at: datetime | None = None
    language: LanguageTag | None = None
    section: Heading | None = Field(None, description="Department of the paper it stands in: has a feed of its own")
    tags: list[Heading] | None = Field(None, max_length=50, description="Its subjects: each has a feed of its own")
    visibility: Visibility | None = Field(
        None, description="`public`, or who else may read it, such as `members`: then its clip is heard with a grant "
        "only. Left out: as it was; public for a new article",
    )  # fmt: skip
    text: str | None = None
    html: str | None = None
    markdown: str | None = None
    ssml: str | None = Field(None, description="The safe subset of SSML 1.1: see docs/text.md")

    @model_validator(mode="after")
    def _one_source(self) -> ArticleIn:
        given = [name for name in ("text", "html", "markdown", "ssml") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"send exactly one of text, html, markdown and ssml; got {' and '.join(given) or 'none'}")
        return self


class JobRequest(Cleaned):
    """An article to be made into a clip, and how."""

    article: ArticleIn
    voice: str | None = Field(
        None, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$",
        description="engine:name, as GET /v1/voices lists",
    )  # fmt: skip
    formats: list[Annotated[str, Field(max_length=20)]] = Field(["mp3"], min_length=1, max_length=8)
    priority: Priority = "normal"
    publish_at: AwareDatetime | None = Field(None, description="Embargo: nothing is made before this moment")
    callback_url: WebAddress | None = None

    def to_article(self) -> Article:
        sent = self.article
        chosen = next(form for form in SourceFormat if getattr(sent, form.value) is not None)
        published = sent.published_at
        if published is not None and published.tzinfo is None:
            published = published.replace(tzinfo=UTC)
        return Article(
            site=sent.site, external_id=sent.id, source=getattr(sent, chosen.value), source_format=chosen,
            url=sent.url, title=sent.title, author=sent.author, published_at=published, language=sent.language,
            publish_at=self.publish_at, section=sent.section,
            tags=None if sent.tags is None else tuple(dict.fromkeys(sent.tags)), visibility=sent.visibility,
        )  # fmt: skip

    def to_wish(self) -> Wish:
        return Wish(voice=self.voice, formats=tuple(self.formats), queue=self.priority, callback_url=self.callback_url)


class ProgressOut(BaseModel):
    done: int
    total: int | None = Field(description="Sentences; null until the text is prepared")


class JobClip(BaseModel):
    id: str
    revision: int
    listen_url: str
    url: str
    audio: dict[str, str] = Field(description="Address by format; `live` plays while the job runs")


class JobArticle(BaseModel):
    site: str
    id: str
    title: str | None
    url: str | None


class LeftOut(BaseModel):
    format: str
    reason: str = Field(description="Why its file didn't pass; it is tried again later by itself")


class JobOut(BaseModel):
    """A job as the CMS sees it."""

    id: str
    state: Literal["queued", "running", "succeeded", "failed", "cancelled", "superseded"]
    waiting: str | None = Field(description="Why a queued job doesn't go on, such as disk_full")
    priority: str
    progress: ProgressOut
    article: JobArticle
    clip: JobClip
    voice: str | None
    formats: list[str]
    left_out: list[LeftOut] = Field(default=[], description="Formats whose files didn't pass: the clip lacks them")
    error: dict[str, Any] | None
    not_before: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    dropped_characters: int | None = Field(None, description="NULs and lone surrogates taken out of this request")


class JobList(BaseModel):
    jobs: list[JobOut]
    next: str | None = Field(description="Cursor of the next page; null on the last")
