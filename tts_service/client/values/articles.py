"""Articles, their jobs and clips, and how their texts are spoken."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

from tts_service.client.values.json_members import Json, members

ENDED = ("succeeded", "failed", "cancelled", "superseded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article to be spoken; exactly one of text, html, markdown and ssml."""

    site: str
    """The site's name, as its key knows it."""
    id: str
    """The article's id in the CMS: the same for every state of it."""
    title: str | None = None
    url: str | None = None
    author: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    """BCP 47 tag; None: detected by the service."""
    text: str | None = None
    html: str | None = None
    markdown: str | None = None
    ssml: str | None = None
    section: str | None = None
    tags: tuple[str, ...] | None = None
    visibility: str | None = None
    """`public`, or the audience; None: unchanged."""

    def to_json(self) -> dict[str, Any]:
        """As POST /v1/jobs takes it."""
        given = {name: value for name, value in asdict(self).items() if value is not None}
        if self.published_at is not None:
            given["published_at"] = self.published_at.isoformat()
        return given


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A token with which one reader can hear a restricted clip."""

    clip_id: str
    token: str = field(repr=False)
    """The player's attribute `grant`; `?grant=…` on every address of the clip."""
    expires_at: str
    """RFC 3339."""
    renewable_until: str
    """No renewal lasts beyond this."""
    listen_url: str = field(repr=False)
    """The clip's page, opened."""
    embed_url: str = field(repr=False)
    """The player's frame, opened."""
    audio_url: str = field(repr=False)
    """The sound, opened."""

    @classmethod
    def of(cls, data: Json) -> Grant:
        return cls(
            clip_id=data["clip"],
            token=data["grant"],
            expires_at=data["expires_at"],
            renewable_until=data["renewable_until"],
            listen_url=data["listen_url"],
            embed_url=data["embed_url"],
            audio_url=data["audio_url"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The rendering of an article that was sent."""

    id: str
    state: str
    """queued, running, succeeded, failed, cancelled, superseded."""
    waiting: str | None
    """Why a queued job can't continue, such as disk_full."""
    done: int
    """Sentences that are spoken."""
    total: int | None
    """All of them; None until the text is prepared."""
    clip_id: str
    revision: int
    listen_url: str
    """The listener's page; it works from now on."""
    audio: dict[str, str]
    """Address by format; `live` plays while the job runs."""
    error_code: str = ""
    error_title: str = ""
    error_detail: str = ""
    raw: Json = field(repr=False, default_factory=dict)
    """Everything the service said."""

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @classmethod
    def of(cls, data: Json) -> Job:
        error = data.get("error") or {}
        return cls(
            id=data["id"],
            state=data["state"],
            waiting=data.get("waiting"),
            done=data["progress"]["done"],
            total=data["progress"]["total"],
            clip_id=data["clip"]["id"],
            revision=data["clip"]["revision"],
            listen_url=data["clip"]["listen_url"],
            audio=dict(data["clip"]["audio"]),
            error_code=error.get("code", ""),
            error_title=error.get("title", ""),
            error_detail=error.get("detail", ""),
            raw=data,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A clip's description."""

    id: str
    state: Literal["rendering", "ready", "failed"]
    revision: int | None
    title: str
    language: str | None
    duration_ms: int | None
    listen_url: str
    about_url: str
    feedback_url: str
    feedback_token: str = field(repr=False)
    audio: dict[str, str]
    """Address by format."""
    captions_url: str
    marks_url: str
    transcript_url: str
    disclosure: str
    """The sentence that says that it is artificial: it must stand beside any player."""
    raw: Json = field(repr=False, default_factory=dict)
    """Everything the service said: renditions, voice, provenance."""

    @classmethod
    def of(cls, data: Json) -> Clip:
        return cls(**members(cls, data))


@dataclass(frozen=True, slots=True, kw_only=True)
class NextRule:
    """The rule that would have answered next."""

    rule: str
    written: str
    """What it would have taken."""
    spoken: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedWord:
    """A written word and what is said for it."""

    start: int
    """First character in the text."""
    end: int
    """One past the last character."""
    written: str
    spoken: str
    """Empty: nothing is said."""
    ipa: str | None
    rule: str | None
    """Such as money, date or lexicon (site); None: said as written."""
    next: NextRule | None
    """None: none, or it says the same."""

    @classmethod
    def of(cls, data: Json) -> ExplainedWord:
        other = data["next"]
        return cls(**members(cls, data, next=NextRule(**members(NextRule, other)) if other else None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What is said for a text."""

    language: str
    text: str
    """Without invisible characters: places count in it."""
    spoken: str
    words: tuple[ExplainedWord, ...]

    @classmethod
    def of(cls, data: Json) -> Explained:
        words = tuple(map(ExplainedWord.of, data["words"]))
        return cls(**members(cls, data, words=words))
