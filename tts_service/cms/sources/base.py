"""The values produced by sources, and the interface of a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from tts_service.values import PUBLIC, SourceFormat, WebAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A webhook request as received."""

    body: bytes = field(repr=False)
    """Raw bytes, as signed."""
    headers: Mapping[str, str]
    """Header names are in lower case."""
    path: str
    """Path and query as sent: some CMSs sign them."""
    received_ms: int
    """Milliseconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HookOptions:
    """A hook's configuration besides its secret."""

    types: tuple[str, ...] = ()
    """Content types that are articles; empty: the source's defaults."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Field names for title, body, url, author, updated_at, … where they differ from the common ones."""
    url: str | None = None
    """Pattern of an article's address with {slug} and {id}, for CMSs that don't send one."""
    language: str | None = None
    """BCP 47 tag of its articles; None: as sent, else detected."""
    locale: str | None = None
    """Locale to read from an entry with several (Contentful); None: the first."""
    breaking_tag: str = "breaking"
    """Tag of articles that take precedence over all others."""
    queue: str = "normal"
    voice: str | None = None
    formats: tuple[str, ...] = ("mp3",)
    api_url: str | None = None
    """URL of the CMS's API for data missing from webhooks; None: no requests."""
    api_token: str | None = None
    body_only: bool = False
    """The signature covers only the body (Ghost before July 2024)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """An address that a CMS calls."""

    id: str
    source: str
    site: str
    secret: str = field(repr=False)
    options: HookOptions = field(default_factory=HookOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a verified signature proves."""

    key: str
    """Identical for every attempt of one event; identifies replays."""
    sent_ms: int | None = None
    """Send time by the sender's clock; None: not stated."""
    greeting: bool = False
    """An unsigned connection test: answered with success and otherwise ignored."""


class EventKind(StrEnum):
    """What happened to a document."""

    PUBLISHED = "published"
    UPDATED = "updated"
    CLOSED = "closed"
    """Still published, but with restricted access and without its text."""
    UNPUBLISHED = "unpublished"
    DELETED = "deleted"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An article as read by a source; the hook adds the site."""

    external_id: str
    source: str
    source_format: SourceFormat
    title: str | None = None
    url: WebAddress | None = None
    author: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    visibility: str = PUBLIC
    """`public`; any other value (members, paid, password, …) is restricted."""
    tags: tuple[str, ...] = ()
    section: str | None = None
    """Newspaper section."""
    publish_at: datetime | None = None
    """Embargo: not public before this time."""
    expires_at: datetime | None = None
    """Not public from this time on."""
    left_out: tuple[str, ...] = ()
    """Kinds of embedded content without text, for example `embedded-asset-block`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A GET request to the CMS's API."""

    url: str
    headers: Mapping[str, str]
    refusal_closes: bool = False
    """Sent without credentials: if the API refuses a published article (401, 403, 404), the article is restricted."""
    otherwise: Call | None = None
    """Request to make if this one returns 404."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Content of a webhook, independent of the CMS."""

    kind: EventKind
    external_id: str = ""
    """The document's id; empty: none found."""
    locale: str | None = None
    """Language version in the CMS's own notation; None: not stated. It is part of the article's identity
    (cms.inbox.identity), so that unpublishing one language keeps the others."""
    every_locale: bool = False
    """For UNPUBLISHED and DELETED: applies to all language versions, whatever `locale` says."""
    kept_locales: tuple[str, ...] = ()
    """With `every_locale`: versions that are kept."""
    url: WebAddress | None = None
    """For closings: the article's address, under which a feed may have found it; None: not stated."""
    visibility: str | None = None
    """For CLOSED: the remaining audience (`members`, `paid`, `password`, …); None: not stated."""
    as_of_ms: int | None = None
    """When the sender read this state from its database; orders events before `changed_ms`. None: not stated."""
    changed_ms: int | None = None
    """The document's own timestamp of the change; None: not stated."""
    told_ms: int | None = None
    """Event time that is identical in every attempt. Orders two events with equal `changed_ms`; without it, a closing
    wins."""
    document: Document | None = None
    """Set for published and updated events, unless `call` must fetch it."""
    call: Call | None = None
    """Request to the CMS required before the event is processed."""
    reason: str = ""
    """Why the event is ignored, or what was omitted."""


def ignored(reason: str, external_id: str = "") -> tuple[Event, ...]:
    """A source's result for an event that doesn't concern it."""
    return (Event(kind=EventKind.IGNORED, reason=reason, external_id=external_id),)


class Source(Protocol):
    """A type of CMS."""

    name: str

    def new_secret(self) -> str:
        """A new secret in this CMS's format."""

    def advice(self, address: str, hook: Hook) -> tuple[str, ...]:
        """Set-up instructions for the CMS, one per line."""

    def verify(self, delivery: Delivery, hook: Hook) -> Claims:
        """Verifies the signature of the raw bytes. Raises WebhookRefused; its message is for the log only."""

    def read(self, delivery: Delivery, body: Any, hook: Hook) -> tuple[Event, ...]:
        """One or more events in the JSON `body`. Never raises: unusable content is ignored, with a reason."""

    def sample(self, document: Document, hook: Hook, path: str, now_ms: int) -> Delivery:
        """The webhook that this CMS sends when `document` is published."""


@runtime_checkable
class AskingSource(Protocol):
    """A source whose events can have a `call`."""

    def recall(self, external_id: str, locale: str | None, hook: Hook) -> Call | None:
        """Request that tells the current state of a known article; None: the hook has no suitable API. The response
        goes to `answered`; 404 and 410 mean that the article is gone."""

    def answered(self, body: Any, event: Event, hook: Hook) -> Event:
        """Completes the event with the JSON response of the CMS's API."""
