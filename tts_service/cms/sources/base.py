"""The values that sources produce, and the interface of a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from tts_service.values import PUBLIC, SourceFormat, WebAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One webhook request as it came."""

    body: bytes = field(repr=False)
    """Raw: what was signed."""
    headers: Mapping[str, str]
    """By name in lower case."""
    path: str
    """Path and query as the sender wrote them: some sign them."""
    received_ms: int
    """Milliseconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HookOptions:
    """What is settled for one hook besides its secret."""

    types: tuple[str, ...] = ()
    """Content types that are articles; empty: the source's usual ones."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Where the CMS keeps title, body, url, author, updated_at, … when it isn't under the usual names."""
    url: str | None = None
    """Address of an article with {slug} and {id} in it, for a CMS that sends none."""
    language: str | None = None
    """BCP 47 tag of its articles; None: as sent, else found out."""
    locale: str | None = None
    """Which of several languages in one entry is read (Contentful); None: the first."""
    breaking_tag: str = "breaking"
    """Articles with this tag go before all others."""
    queue: str = "normal"
    voice: str | None = None
    formats: tuple[str, ...] = ("mp3",)
    api_url: str | None = None
    """Where the CMS's API is asked for what a webhook doesn't carry; None: nothing is asked."""
    api_token: str | None = None
    body_only: bool = False
    """The signature covers the body alone (Ghost before July 2024)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One address a CMS calls."""

    id: str
    source: str
    site: str
    secret: str = field(repr=False)
    options: HookOptions = field(default_factory=HookOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a signature vouches for."""

    key: str
    """The same for every try of one event: a replay is known by it."""
    sent_ms: int | None = None
    """When it was sent, by the sender's clock; None: the source doesn't say."""
    greeting: bool = False
    """The sender only tries the line, without a signature: answered kindly, and nothing is done."""


class EventKind(StrEnum):
    """What happened to a document."""

    PUBLISHED = "published"
    UPDATED = "updated"
    CLOSED = "closed"
    """Still published, but no longer for everybody, and its text isn't sent."""
    UNPUBLISHED = "unpublished"
    DELETED = "deleted"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An article as a source tells of it; the hook adds the site."""

    external_id: str
    source: str
    source_format: SourceFormat
    title: str | None = None
    url: WebAddress | None = None
    author: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    visibility: str = PUBLIC
    """`public`; anything else (members, paid, password, …) is not for everybody."""
    tags: tuple[str, ...] = ()
    section: str | None = None
    """Department of the paper it stands in."""
    publish_at: datetime | None = None
    """Not public before this moment."""
    expires_at: datetime | None = None
    """Not public from this moment on."""
    left_out: tuple[str, ...] = ()
    """Kinds of embedded things that have no text here, such as `embedded-asset-block`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A GET to the CMS's API."""

    url: str
    headers: Mapping[str, str]
    refusal_closes: bool = False
    """Asked as a reader who isn't signed in: if the API refuses a published article (401, 403, 404), the article isn't
    for everybody."""
    otherwise: Call | None = None
    """What to ask when this one answers 404."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a webhook says, in one form for all sources."""

    kind: EventKind
    external_id: str = ""
    """The document's id; empty: none was found."""
    locale: str | None = None
    """Which language version of the document this is, in the CMS's own notation; None: the CMS doesn't say. It is part
    of the article's identity (hooks.identity), so that unpublishing one language leaves the others."""
    every_locale: bool = False
    """For UNPUBLISHED and DELETED: all language versions of the document go, whatever `locale` says."""
    kept_locales: tuple[str, ...] = ()
    """With `every_locale`: these versions stay."""
    url: WebAddress | None = None
    """For a closing: the article's address, by which catch-up may have found it; None: the CMS doesn't say."""
    visibility: str | None = None
    """For CLOSED: who may still read it (`members`, `paid`, `password`, …); None: the CMS doesn't say."""
    as_of_ms: int | None = None
    """When the sender read this state from its own database; orders events before `changed_ms`. None: not told."""
    changed_ms: int | None = None
    """The document's own time of this change; None: it has none."""
    told_ms: int | None = None
    """When this happened, by a statement that stays the same in every try. It decides between two events of the same
    `changed_ms`, of which the closing one wins otherwise."""
    document: Document | None = None
    """Set for published and updated ones, unless `call` has to bring it."""
    call: Call | None = None
    """What to ask the CMS for before anything is done."""
    reason: str = ""
    """Why it is ignored, or what was left out."""


def ignored(reason: str, external_id: str = "") -> tuple[Event, ...]:
    """The answer of a source that has nothing to do with this one."""
    return (Event(kind=EventKind.IGNORED, reason=reason, external_id=external_id),)


class Source(Protocol):
    """A kind of CMS."""

    name: str

    def new_secret(self) -> str:
        """A fresh secret in the form this CMS takes."""

    def advice(self, address: str, hook: Hook) -> tuple[str, ...]:
        """What to enter where in the CMS, a line each."""

    def verify(self, delivery: Delivery, hook: Hook) -> Claims:
        """Check the signature on the raw bytes. Raises WebhookRefused; its message is for the log only."""

    def read(self, delivery: Delivery, body: Any, hook: Hook) -> tuple[Event, ...]:
        """What the JSON `body` says: one event or more. Never an error: what is of no use is ignored, with a reason."""

    def sample(self, document: Document, hook: Hook, path: str, now_ms: int) -> Delivery:
        """The webhook this CMS would send when `document` is published."""


@runtime_checkable
class AskingSource(Protocol):
    """A source whose events may have a `call`."""

    def recall(self, external_id: str, locale: str | None, hook: Hook) -> Call | None:
        """What to ask the CMS's API for to learn how a known article stands today; None: the hook names no API that
        can tell. The answer goes to `answered`; 404 and 410 mean that the article is gone."""

    def answered(self, body: Any, event: Event, hook: Hook) -> Event:
        """What the JSON answer of the CMS's API makes of the event."""
