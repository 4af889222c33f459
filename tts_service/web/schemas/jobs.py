"""Articles and jobs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from tts_service import values
from tts_service.audio.encode import FORMATS
from tts_service.jobs.submit import Wish
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
    """An article; exactly one of text, html, markdown and ssml. An empty string means that a field isn't given."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_ONE_SOURCE)

    site: SiteName
    id: ExternalId
    url: Maybe[WebAddress] = None
    title: str | None = Field(None, max_length=1000)
    author: str | None = Field(None, max_length=500)
    published_at: Moment = Field(None, description="Without a zone it is in the site's `time_zone`")
    language: Maybe[LanguageTag] = None
    section: Maybe[Heading] = Field(None, description="Department of the paper it stands in: has a feed of its own")
    tags: Maybe[Annotated[list[Heading], WithoutEmpty(50)]] = Field(
        None, description="Its subjects: each has a feed of its own"
    )
    visibility: Maybe[Visibility] = Field(
        None,
        description="`public`, or who else may read it, such as `members`: then its clip is heard with a grant "
        "only. Left out: as it was; public for a new article",
    )
    text: str | None = Field(None, json_schema_extra=_NOT_BLANK)
    html: str | None = Field(None, json_schema_extra=_NOT_BLANK)
    markdown: str | None = Field(None, json_schema_extra=_NOT_BLANK)
    ssml: str | None = Field(
        None, description="The safe subset of SSML 1.1: see docs/text.md", json_schema_extra=_NOT_BLANK
    )

    @model_validator(mode="after")
    def _one_source(self) -> ArticleIn:
        given = [name for name in _SOURCES if getattr(self, name)]
        given = given or [name for name in _SOURCES if getattr(self, name) is not None][:1]
        if len(given) != 1:
            raise ValueError(f"send exactly one of text, html, markdown and ssml; got {' and '.join(given) or 'none'}")
        return self


class JobRequest(Cleaned):
    """An article to be made into a clip, and how."""

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
    voice: VoiceId | None = Field(None, description="engine:name, as GET /v1/voices lists")
    formats: Formats = Field(list(_USUAL_FORMATS))
    priority: Priority = "normal"
    publish_at: Moment = Field(
        None, description="Embargo: nothing is made before this moment. Without a zone it is in the site's `time_zone`"
    )
    callback_url: CalledAddress | None = None

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
    done: int = Field(examples=[4])
    total: int | None = Field(description="Sentences; null until the text is prepared", examples=[12])


class JobClip(BaseModel):
    id: ShownClip
    revision: int = Field(examples=[1])
    listen_url: str = Field(examples=["https://audio.example.org/listen/clip_019b4c5e77f27c10"])
    url: str = Field(examples=[_CLIP])
    audio: dict[str, str] = Field(
        description="Address by format; `live` plays while the job runs",
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
        examples=["The file is 2 s shorter than planned"],
        description="Why its file didn't pass; it is tried again later by itself",
    )


class JobOut(BaseModel):
    """A job as the CMS sees it."""

    id: str = Field(examples=["job_019b4c5e77f17a42"])
    state: Literal["queued", "running", "succeeded", "failed", "cancelled", "superseded"]
    waiting: str | None = Field(description="Why a queued job doesn't go on, such as disk_full")
    priority: str = Field(examples=["normal"])
    progress: ProgressOut
    article: JobArticle
    clip: JobClip
    voice: str | None = Field(examples=["piper:en_US-joe-medium"])
    formats: list[str] = Field(examples=[["mp3"]])
    left_out: list[LeftOut] = Field(
        default=[], examples=[[]], description="Formats whose files didn't pass: the clip lacks them"
    )
    error: dict[str, Any] | None = Field(examples=[None])
    not_before: Timestamp
    created_at: Timestamp
    started_at: str | None
    finished_at: str | None
    dropped_characters: int | None = Field(None, description="NULs and lone surrogates taken out of this request")


class JobList(BaseModel):
    jobs: list[JobOut]
    next: NextCursor


class JobEvent(BaseModel):
    """A server-sent event of a job."""

    event: Literal["progress", "succeeded", "failed", "cancelled", "superseded"]
    id: str = Field(examples=["1"])
    retry: int | None = Field(None, description="Milliseconds after which a client connects again", examples=[2000])
    data: str = Field(
        description="The job as JSON, as GET /v1/jobs/{job_id} gives it",
        examples=['{"id": "job_019b4c5e77f17a42", "state": "running"}'],
    )
