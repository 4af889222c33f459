"""Articles and jobs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from tts_service import values
from tts_service.audio.encode import FORMATS
from tts_service.jobs.acceptable import Wish
from tts_service.values import Article, SourceFormat
from tts_service.web.schemas.fields import (
    ONE_LINE,
    CalledAddress,
    Cleaned,
    ExternalId,
    Heading,
    LanguageTag,
    Maybe,
    Moment,
    NextCursor,
    Priority,
    ShownClip,
    ShownSite,
    ShownUrl,
    SiteName,
    Timestamp,
    Visibility,
    WebAddress,
    WithoutEmpty,
    example,
)

VoiceId = Annotated[
    str,
    Field(
        min_length=1,
        max_length=200,
        pattern=ONE_LINE,
        json_schema_extra={"pattern": r"^[^:\x00-\x1f\x7f]+:[^\x00-\x1f\x7f]+$"},
    ),
]
_SOURCES = tuple(form.value for form in SourceFormat)
_ONE_SOURCE: JsonDict = {
    "anyOf": [
        {
            "required": [name],
            "properties": {other: {"type": "string"} if other == name else {"enum": [None, ""]} for other in _SOURCES},
        }
        for name in _SOURCES
    ]
}
"""What _one_source checks, for the document."""


_NOT_BLANK: JsonDict = {"pattern": r"\S"}
"""An article of white space is none (`empty_article`)."""


AudioFormat = Annotated[str, Field(max_length=20, json_schema_extra={"enum": list(FORMATS)})]
"""Another one is refused by its own code, `unknown_format`."""
_USUAL_FORMATS = ("mp3",)
Formats = Annotated[list[AudioFormat], Field(min_length=1), WithoutEmpty(8, _USUAL_FORMATS)]


class ArticleIn(BaseModel):
    """An article with exactly one of text, html, markdown and ssml. An empty string means that a field isn't set."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_ONE_SOURCE)

    site: SiteName
    id: ExternalId
    url: Maybe[WebAddress] = None
    title: str | None = Field(None, max_length=1000)
    author: str | None = Field(None, max_length=500)
    published_at: Moment = Field(None, description="A date without a time zone is in the site's `time_zone`")
    language: Maybe[LanguageTag] = None
    section: Maybe[Heading] = Field(None, description="Section of the publication. Each section has its own feed")
    tags: Maybe[Annotated[list[Heading], WithoutEmpty(50)]] = Field(
        None, description="Topics of the article. Each tag has its own feed"
    )
    visibility: Maybe[Visibility] = Field(
        None,
        description="`public`, or any other value for a restricted article, such as `members`: its clip then needs "
        "a grant. Default: unchanged; `public` for a new article",
    )
    text: str | None = Field(None, json_schema_extra=_NOT_BLANK)
    html: str | None = Field(None, json_schema_extra=_NOT_BLANK)
    markdown: str | None = Field(None, json_schema_extra=_NOT_BLANK)
    ssml: str | None = Field(
        None, description="A safe subset of SSML 1.1: see docs/text.md", json_schema_extra=_NOT_BLANK
    )

    @model_validator(mode="after")
    def _one_source(self) -> ArticleIn:
        given = [name for name in _SOURCES if getattr(self, name)]
        given = given or [name for name in _SOURCES if getattr(self, name) is not None][:1]
        if len(given) != 1:
            raise ValueError(f"send exactly one of text, html, markdown and ssml; got {' and '.join(given) or 'none'}")
        return self


class JobRequest(Cleaned):
    """An article to render, and how."""

    model_config = example(
        {
            "article": {
                "site": "gazette",
                "id": "42",
                "title": "New bridge opens",
                "language": "en",
                "text": "The harbour town of Elmsworth opened its new bridge on Monday. Traffic starts tomorrow.",
            },
            "formats": ["mp3"],
            "priority": "normal",
        }
    )

    article: ArticleIn
    voice: VoiceId | None = Field(
        None, description="`engine:name`, as listed by GET /v1/voices. Default: the voice for the article's language"
    )
    formats: Formats = Field(list(_USUAL_FORMATS), description="Audio formats; `mp3` is always made")
    priority: Priority = "normal"
    publish_at: Moment = Field(
        None,
        description="Embargo: rendering doesn't start before this time. A date without a time zone is in the site's "
        "`time_zone`",
    )
    callback_url: CalledAddress | None = Field(
        None, description="https address that receives `clip.ready` or `clip.failed` for this job"
    )

    def to_article(self) -> Article:
        sent = self.article
        forms = [form for form in SourceFormat if getattr(sent, form.value) is not None]
        chosen = next((form for form in forms if getattr(sent, form.value)), forms[0])
        return Article(
            site=sent.site,
            external_id=sent.id,
            source=getattr(sent, chosen.value),
            source_format=chosen,
            url=values.WebAddress.read(sent.url),
            title=sent.title or None,
            author=sent.author or None,
            published_at=sent.published_at,
            language=sent.language,
            publish_at=self.publish_at,
            section=sent.section,
            tags=None if sent.tags is None else tuple(dict.fromkeys(sent.tags)),
            visibility=sent.visibility,
        )

    def to_wish(self) -> Wish:
        return Wish(voice=self.voice, formats=tuple(self.formats), queue=self.priority, callback_url=self.callback_url)


_CLIP = "https://audio.example.org/v1/clips/clip_019b4c5e77f27c10"


class ProgressOut(BaseModel):
    done: int = Field(description="Sentences that are finished", examples=[4])
    total: int | None = Field(description="Sentences in all; null until the text is prepared", examples=[12])


class JobClip(BaseModel):
    id: ShownClip
    revision: int = Field(examples=[1])
    listen_url: str = Field(examples=["https://audio.example.org/listen/clip_019b4c5e77f27c10"])
    url: str = Field(examples=[_CLIP])
    audio: dict[str, str] = Field(
        description="Address by format; `live` plays during rendering",
        examples=[{"mp3": f"{_CLIP}/audio.mp3", "live": f"{_CLIP}/live.mp3?r=1"}],
    )


class JobArticle(BaseModel):
    site: ShownSite
    id: str = Field(examples=["42"])
    title: str | None = Field(examples=["New bridge opens"])
    url: ShownUrl | None


class LeftOut(BaseModel):
    format: str = Field(examples=["opus"])
    reason: str = Field(
        examples=["audio.opus is -2000 ms off its planned length."],
        description="Why its file didn't pass the check; the service tries the format again later",
    )


class JobOut(BaseModel):
    """A job as the CMS sees it."""

    id: str = Field(examples=["job_019b4c5e77f17a42"])
    state: Literal["queued", "running", "succeeded", "failed", "cancelled", "superseded"]
    waiting: str | None = Field(description="Why a queued job can't continue, such as `disk_full`")
    priority: str = Field(examples=["normal"])
    progress: ProgressOut
    article: JobArticle
    clip: JobClip
    voice: str | None = Field(examples=["hibari:heart"])
    formats: list[str] = Field(examples=[["mp3"]])
    left_out: list[LeftOut] = Field(
        default=[], examples=[[]], description="Formats that the clip lacks because their files didn't pass the check"
    )
    error: dict[str, Any] | None = Field(examples=[None])
    not_before: Timestamp
    created_at: Timestamp
    started_at: str | None
    finished_at: str | None
    dropped_characters: int | None = Field(
        None, description="Number of NUL characters and lone surrogates removed from this request"
    )


class JobList(BaseModel):
    jobs: list[JobOut]
    next: NextCursor


class JobEvent(BaseModel):
    """A server-sent event of a job."""

    event: Literal["progress", "succeeded", "failed", "cancelled", "superseded"]
    id: str = Field(examples=["1"])
    retry: int | None = Field(None, description="Milliseconds after which the client reconnects", examples=[2000])
    data: str = Field(
        description="The job as JSON, as returned by GET /v1/jobs/{job_id}",
        examples=['{"id": "job_019b4c5e77f17a42", "state": "running"}'],
    )
