"""What the API takes and gives, as OpenAPI shows it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    model_validator,
)
from pydantic.config import JsonDict

from tts_service.access.grants import LIFE_S, LONGEST_S, RENEW_S
from tts_service.feedback import CATEGORIES, MAX_COMMENT, MAX_EMAIL, STATES
from tts_service.jobs.submit import QUEUES, Wish
from tts_service.sites import SITE_NAME
from tts_service.values import Article, SourceFormat

_UNSPEAKABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL refuses, and lone surrogates, which have no UTF-8."""


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise ValueError("must be an http(s) address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http(s) address")
    return value


# Next line (U+0085) is white space to some readers of patterns and none to others: it is named, with its like.
_HTTP = r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s\x00-\x1f\x7f-\x9f]+$"
WebAddress = Annotated[str, Field(max_length=2000, pattern=_HTTP), AfterValidator(_web_address)]


def _no_truth_value(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise ValueError("must be a whole number")
    return value


WHOLE = BeforeValidator(_no_truth_value)
"""Behind a whole number's bounds: pydantic would take true for 1 and "1" for 1."""
SiteName = Annotated[str, Field(pattern=SITE_NAME)]
LanguageTag = Annotated[str, Field(max_length=35, pattern=r"^[A-Za-z]{2,8}([_-][A-Za-z0-9]{1,8})*$")]
ExternalId = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
_HEADING = r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$"
Heading = Annotated[str, Field(min_length=1, max_length=100, pattern=_HEADING)]
"""A section's or tag's name: no control characters, no white space around it."""
Visibility = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\s\x00-\x1f\x7f-\x9f]+$")]
Priority = Literal["breaking", "normal", "backfill"]
assert set(QUEUES) == set(Priority.__args__)  # type: ignore[attr-defined]


class Cleaned(BaseModel):
    """A request whose texts lose what can't be kept: NULs and lone surrogates, counted."""

    model_config = ConfigDict(extra="forbid")
    _dropped: int = PrivateAttr(default=0)

    @model_validator(mode="wrap")
    @classmethod
    def _clean(cls, data: Any, handler: ModelWrapValidatorHandler[Cleaned]) -> Cleaned:
        cleaned, dropped = cleaned_of(data)
        model = handler(cleaned)
        model._dropped = dropped
        return model

    @property
    def dropped_characters(self) -> int:
        """Characters that were taken out."""
        return self._dropped


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
    voice: str | None = Field(None, min_length=1, max_length=200, description="engine:name, as GET /v1/voices lists")
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


class FeedbackIn(Cleaned):
    """What a listener reports."""

    clip: str = Field(max_length=64)
    revision: int | None = Field(None, ge=1, le=2**31, description="The revision heard; newest when left out")
    position_ms: int = Field(0, ge=0, le=10**9)
    token: int | None = Field(None, ge=0, le=10**6, description="Index of the word in the sentence's tokens")
    category: Literal["pronunciation", "number", "missing", "extra", "sound", "other"]
    clip_token: str = Field("", max_length=200, description="`feedback_token` of the clip's description; lasts 2 h")
    website: str = Field("", max_length=200, description="Leave it out: only machines fill it in")
    comment: str = Field("", max_length=MAX_COMMENT)
    email: str | None = Field(None, max_length=MAX_EMAIL, pattern=r"^[^\s@<>\x7f-\x9f]+@[^\s@<>\x7f-\x9f]+$")
    player: str | None = Field(None, pattern=r"^[0-9A-Za-z._+-]{1,64}$", description="Version of the sending player")
    sent_key: str | None = Field(
        None, pattern=r"^[0-9A-Za-z._-]{16,64}$", description="Drawn at random for this report: however often it is "
        "sent with it, it is kept once, and answered with the same reference",
    )  # fmt: skip


class ReportChange(Cleaned):
    """What staff decide about a report."""

    state: Literal["new", "confirmed", "corrected", "rejected"] | None = None
    note: str | None = Field(
        None, max_length=MAX_COMMENT, description="Of a rejected report, the listener reads it as the reason"
    )
    corrected_revision: Annotated[int, Field(ge=1, le=2**31), WHOLE] | None = Field(
        None, description="Of a corrected one: the clip revision that says it right; left out: the "
        "newest one, if it is newer than what was reported, or the next one",
    )  # fmt: skip


assert tuple(FeedbackIn.model_fields["category"].annotation.__args__) == CATEGORIES  # type: ignore[union-attr]
assert set(STATES) == {"new", "confirmed", "corrected", "rejected"}


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
    error: dict[str, Any] | None
    not_before: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    dropped_characters: int | None = Field(None, description="NULs and lone surrogates taken out of this request")


class JobList(BaseModel):
    jobs: list[JobOut]
    next: str | None = Field(description="Cursor of the next page; null on the last")


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
    disclosure: str
    listening: bool = Field(description="Whether players tell how far it is heard; the site decides")
    voice: dict[str, Any] | None
    provenance: dict[str, Any] | None
    grant: str | None = Field(
        None, description="Of a clip that isn't public: a grant that lasts longer than the one of this request"
    )  # fmt: skip


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


class SiteOut(BaseModel):
    site: str
    policy: dict[str, Any] | None = Field(description="As entered; null: its articles are spoken as usual")
    origins: list[str] = Field(description="Of its pages: their scripts may read clips and send feedback")
    updated_at: str | None


class SiteList(BaseModel):
    sites: list[SiteOut]


class OptionsOut(BaseModel):
    """What a site's feeds and pages here do."""

    site: str
    options: dict[str, Any] | None = Field(description="As entered; null: nothing was")
    effective: dict[str, Any] = Field(description="What holds, with nothing left to what is usual")
    updated_at: str | None


class OriginsIn(Cleaned):
    """Where a site's pages are."""

    origins: list[Annotated[str, Field(max_length=300)]] = Field(
        max_length=50, examples=[["https://www.example.org"]]
    )  # fmt: skip


class OriginsOut(BaseModel):
    site: str
    origins: list[str] = Field(description="As browsers write them")


class PolicyOut(SiteOut):
    """How a site's articles are spoken."""

    effective: dict[str, Any] = Field(description="The same with every kind of block and every pause filled in")


class FeedbackReceived(BaseModel):
    reference: str
    state: str
    url: str


class FeedbackState(BaseModel):
    """What anybody who has the reference may see of a report."""

    reference: str
    state: Literal["new", "confirmed", "corrected", "rejected"]
    category: str
    clip: str
    created_at: str
    updated_at: str
    corrected_revision: int | None = Field(None, description="The clip revision that says it right, once it is there")
    corrected_at: str | None = Field(None, description="When that revision was finished")
    reason: str | None = Field(None, description="Why nothing was changed, in the newsroom's words")


class ReportOut(FeedbackState):
    """A report as staff see it."""

    site: str
    revision: int
    position_ms: int
    sentence: str
    utterance: int | None
    token: int | None
    voice: str
    comment: str
    email: str | None
    note: str
    player: str | None = Field(description="Version of the player it was sent from")


class ReportList(BaseModel):
    reports: list[ReportOut]
    next: str | None


def cleaned_of(data: Any) -> tuple[Any, int]:
    """JSON data without NULs and lone surrogates, and how many there were. Goes two levels deep: our requests do."""
    return _cleaned(data, 3)


def _cleaned(data: Any, depth: int) -> tuple[Any, int]:
    if isinstance(data, str):
        kept, dropped = _UNSPEAKABLE.subn("", data)
        return kept, dropped
    if depth and isinstance(data, dict):
        pairs = {key: _cleaned(value, depth - 1) for key, value in data.items()}
        return {key: value for key, (value, _) in pairs.items()}, sum(count for _, count in pairs.values())
    if depth and isinstance(data, list):
        items = [_cleaned(value, depth - 1) for value in data]
        return [value for value, _ in items], sum(count for _, count in items)
    return data, 0
