"""Ghost: signs body and time; the event type is in the body, not in a header.

Ghost has one webhook per event type, all with the same address: `current` and `previous` identify the type. A webhook
always contains the full text, whatever the post's visibility. The Content API shows what anonymous readers see: it
tells whether a known post is public, but has at most a preview of other posts, which is never used as their text.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from tts_service.cms.sources.base import Call, Claims, Delivery, Document, Event, EventKind, Hook, ignored
from tts_service.cms.sources.fields import (
    MAX_TITLE,
    at,
    external_id,
    heading,
    items,
    milliseconds,
    moment,
    names,
    plain,
    stamp,
    tags,
    text,
    web_address,
    word,
)
from tts_service.cms.sources.ghost_html import spoken_html
from tts_service.cms.sources.signatures import digest, header, mac, require
from tts_service.errors import WebhookRefused
from tts_service.values import PUBLIC, SourceFormat

_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})(?:, ?t=([0-9]{12,14}))?")
_RESTRICTED = "members"
"""Visibility of a post with an unreadable one."""
_EVENTS = ("Post published", "Published post updated", "Post unpublished", "Post deleted")


class Ghost:
    """Ghost since July 2024; earlier versions sign only the body (`HookOptions.body_only`)."""

    name = "ghost"

    def new_secret(self) -> str:
        return secrets.token_urlsafe(32)

    def advice(self, address: str, hook: Hook) -> tuple[str, ...]:
        return (
            "Ghost Admin > Settings > Integrations > Add custom integration > Add webhook,",
            f"once for each event: {', '.join(_EVENTS)}.",
            f"Target URL: {address}",
            f"Secret:     {hook.secret}",
        )

    def verify(self, delivery: Delivery, hook: Hook) -> Claims:
        match = _SIGNATURE.fullmatch(header(delivery, "x-ghost-signature"))
        if match is None or (match[2] is None) is not hook.options.body_only:
            raise WebhookRefused("X-Ghost-Signature has the wrong form")
        sent = (match[2] or "").encode()
        require(mac(hook.secret, delivery.body, sent).hex(), match[1])
        return Claims(key=digest(delivery.body, sent), sent_ms=int(match[2]) if match[2] else None)

    def read(self, delivery: Delivery, body: Any, hook: Hook) -> tuple[Event, ...]:
        if not isinstance(at(body, "post"), dict):
            kind = ", ".join(sorted(map(str, body)))[:80] if isinstance(body, dict) else "no object"
            return ignored(f"not about a post: {kind}")
        current, previous = at(body, "post", "current"), at(body, "post", "previous")
        found = external_id(at(current, "id"))
        if not isinstance(current, Mapping) or not current:
            return _deleted(previous)
        if found is None:
            return ignored("the post has no id")
        changed = milliseconds(at(current, "updated_at"))
        if _became_page(current):
            reason = "the post was turned into a page"
            return (Event(kind=EventKind.UNPUBLISHED, external_id=found, changed_ms=changed, reason=reason),)
        if word(current, "status") != "published":
            if word(previous, "status") == "published":
                return (Event(kind=EventKind.UNPUBLISHED, external_id=found, changed_ms=changed),)
            return ignored(f"not published: {word(current, 'status')[:40] or 'no status'}", found)
        kind = EventKind.UPDATED if at(previous, "status") is None else EventKind.PUBLISHED
        return (Event(kind=kind, external_id=found, changed_ms=changed, document=_document(current, found, hook)),)

    def recall(self, external_id: str, locale: str | None, hook: Hook) -> Call | None:
        """The Content API takes its key as a query parameter; such keys are safe to expose in browsers."""
        options = hook.options
        if not options.api_url or not options.api_token:
            return None
        place = f"ghost/api/content/posts/{quote(external_id, safe='')}/"
        query = f"key={quote(options.api_token, safe='')}&formats=html&include=tags,authors"
        address = f"{options.api_url.rstrip('/').removesuffix('/ghost')}/{place}?{query}"
        return Call(url=address, headers={"accept-version": "v5.0"})

    def answered(self, body: Any, event: Event, hook: Hook) -> Event:
        post = next(iter(items(at(body, "posts"))), None)
        if not isinstance(post, Mapping) or external_id(at(post, "id")) is None:
            return replace(event, kind=EventKind.IGNORED, call=None, reason="the API's answer has no post")
        changed = milliseconds(at(post, "updated_at"))
        now = replace(event, call=None, changed_ms=changed)
        visibility = _visibility(post)
        if visibility != PUBLIC:
            return replace(now, kind=EventKind.CLOSED, visibility=visibility, document=None)
        return replace(now, kind=EventKind.UPDATED, document=_document(post, event.external_id, hook))

    def sample(self, document: Document, hook: Hook, path: str, now_ms: int) -> Delivery:
        current = {
            "id": document.external_id,
            "title": document.title,
            "html": document.source,
            "status": "published",
            "visibility": document.visibility,
            "url": document.url,
            "updated_at": stamp(now_ms),
        }
        body = json.dumps({"post": {"current": current, "previous": {"status": "draft"}}}).encode()
        headers = ghost_headers(hook.secret, body, None if hook.options.body_only else now_ms)
        return Delivery(body=body, headers=headers, path=path, received_ms=now_ms)


def ghost_headers(secret: str, body: bytes, sent_ms: int | None) -> dict[str, str]:
    """Ghost's headers: the signature covers the body directly followed by the time; None: older Ghost, no time."""
    sent = "" if sent_ms is None else str(sent_ms)
    signature = f"sha256={mac(secret, body, sent.encode()).hex()}" + (f", t={sent}" if sent else "")
    return {"content-type": "application/json", "x-ghost-signature": signature}


def _deleted(previous: Any) -> tuple[Event, ...]:
    found = external_id(at(previous, "id"))
    if found is None:
        return ignored("an empty post: neither current nor previous has an id")
    # Includes drafts: if their "unpublished" was lost, this is the final event.
    changed = milliseconds(at(previous, "updated_at"))
    return (Event(kind=EventKind.DELETED, external_id=found, changed_ms=changed),)


def _became_page(current: Any) -> bool:
    """Ghost reports the post as deleted and sends the page, recognisable by a field that only pages have."""
    return word(current, "type") not in ("", "post") or at(current, "show_title_and_feature_image") is not None


def _visibility(post: Mapping[str, Any]) -> str:
    """`public`, `members`, `paid` or `tiers`; posts without the field are from an old Ghost, where all are public."""
    return (text(post["visibility"], 40) or _RESTRICTED) if "visibility" in post else PUBLIC


def _document(post: Mapping[str, Any], found: str, hook: Hook) -> Document:
    visibility = _visibility(post)
    return Document(
        external_id=found,
        source=spoken_html(post, visibility),
        source_format=SourceFormat.HTML,
        title=plain(at(post, "title"), MAX_TITLE),
        url=web_address(at(post, "url")),
        author=names(at(post, "authors")),
        language=hook.options.language,
        published_at=moment(at(post, "published_at")),
        visibility=visibility,
        tags=tags(at(post, "tags")),
        section=heading(at(post, "primary_tag")),
    )
