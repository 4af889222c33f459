"""WooCommerce's signatures, also used by several plugins: base64 of the HMAC over the body, event type in headers.

Neither the headers nor a time are signed: replays are detected by delivery id and body, and by the document's time.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tts_service.cms.sources.article_of import MAX_VISIBILITY
from tts_service.cms.sources.base import Call, Claims, Delivery, Document, Event, EventKind, Hook, ignored
from tts_service.cms.sources.fields import (
    MAX_TITLE,
    at,
    external_id,
    heading,
    items,
    language,
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
from tts_service.cms.sources.signatures import digest, header, mac, require
from tts_service.values import PUBLIC, SourceFormat

_REST_BASES = {"post": "posts", "page": "pages"}
"""REST API paths by post type; custom types may be anywhere."""
_PING = re.compile(rb"webhook_id=[0-9]{1,20}")
_KINDS = {
    "created": EventKind.PUBLISHED,
    "published": EventKind.PUBLISHED,
    "restored": EventKind.PUBLISHED,
    "updated": EventKind.UPDATED,
    "deleted": EventKind.DELETED,
}


class WooCommerce:
    """Posts in the format of WordPress's REST API, or `{action, arg}` with the post's id."""

    name = "woocommerce"

    def new_secret(self) -> str:
        return secrets.token_urlsafe(32)

    def advice(self, address: str, hook: Hook) -> tuple[str, ...]:
        return (
            "WooCommerce > Settings > Advanced > Webhooks (or your plugin's page): one for created, updated, deleted.",
            f"Delivery URL: {address}",
            f"Secret:       {hook.secret}",
        )

    def verify(self, delivery: Delivery, hook: Hook) -> Claims:
        if _PING.fullmatch(delivery.body):
            return Claims(key=digest(delivery.body), greeting=True)
        require(woocommerce_signature(hook.secret, delivery.body), header(delivery, "x-wc-webhook-signature"))
        delivery_id = delivery.headers.get("x-wc-webhook-delivery-id", "")
        return Claims(key=digest(delivery_id.encode("utf-8", "replace"), delivery.body))

    def read(self, delivery: Delivery, body: Any, hook: Hook) -> tuple[Event, ...]:
        topic = delivery.headers.get("x-wc-webhook-topic", "")
        kind = _KINDS.get(topic.rpartition(".")[2])
        if kind is None and isinstance(at(body, "action"), str):
            return self._asked_for(external_id(at(body, "arg")), hook)
        found = external_id(at(body, "id"))
        if kind is None or found is None:
            return ignored(f"nothing about a post: topic {topic[:80] or 'missing'}", found or "")
        if kind is EventKind.DELETED:
            return (Event(kind=kind, external_id=found, changed_ms=_changed(body)),)
        if _rendered(body, "content") is None or _asks(hook, found):
            return self._asked_for(found, hook)
        return (event_of_post(body, found, hook, kind),)

    def recall(self, external_id: str, locale: str | None, hook: Hook) -> Call | None:
        return wordpress_call(external_id, hook)

    def answered(self, body: Any, event: Event, hook: Hook) -> Event:
        return event_of_post(body, event.external_id, hook, event.kind)

    def _asked_for(self, found: str | None, hook: Hook) -> tuple[Event, ...]:
        if found is None:
            return ignored("the action names no post")
        call = wordpress_call(found, hook)
        if call is None:
            return ignored("the text isn't sent: set this hook's api_url to the site's address", found)
        return (Event(kind=EventKind.UPDATED, external_id=found, call=call),)

    def sample(self, document: Document, hook: Hook, path: str, now_ms: int) -> Delivery:
        post = {
            "id": document.external_id,
            "type": "post",
            "status": "publish",
            "link": document.url,
            "modified_gmt": stamp(now_ms),
            "title": {"rendered": document.title},
            "content": {"rendered": document.source, "protected": document.visibility != PUBLIC},
        }
        body = json.dumps(post).encode()
        headers = {
            "content-type": "application/json",
            "x-wc-webhook-topic": "post.created",
            "x-wc-webhook-delivery-id": secrets.token_hex(8),
            "x-wc-webhook-signature": woocommerce_signature(hook.secret, body),
        }
        return Delivery(body=body, headers=headers, path=path, received_ms=now_ms)


def woocommerce_signature(secret: str, body: bytes) -> str:
    return base64.b64encode(mac(secret, body)).decode()


def wordpress_call(post_id: str, hook: Hook) -> Call | None:
    """REST API request for a post, without the hook's token: only what everybody may read is spoken. None if no API
    is configured, the id is not a number, or the path of the hook's post types is unknown."""
    options = hook.options
    types = options.types or ("post",)
    if not options.api_url or not post_id.isascii() or not post_id.isdigit() or not set(types) <= set(_REST_BASES):
        return None
    call: Call | None = None
    for kind in reversed(types):
        url = f"{options.api_url.rstrip('/')}/wp-json/wp/v2/{_REST_BASES[kind]}/{post_id}?_embed=author,wp:term"
        call = Call(url=url, headers={"Accept": "application/json"}, refusal_closes=True, otherwise=call)
    return call


def _asks(hook: Hook, post_id: str) -> bool:
    """Whether the post is fetched although it was sent: plugins send what their user sees."""
    return wordpress_call(post_id, hook) is not None


def event_of_post(post: Any, found: str, hook: Hook, kind: EventKind) -> Event:
    """The event for a post in the REST API's format."""
    base = Event(kind=kind, external_id=found, changed_ms=_changed(post))
    if not isinstance(post, Mapping):
        return replace(base, kind=EventKind.IGNORED, reason="the API's answer has no post")
    types = hook.options.types or ("post",)
    if word(post, "type") not in ("", *types):
        return replace(base, kind=EventKind.IGNORED, reason=f"not a post: {word(post, 'type')[:40]}")
    if word(post, "status") not in ("publish", ""):
        return replace(base, kind=EventKind.UNPUBLISHED, reason=f"status {word(post, 'status')[:40]}")
    document = _document(post, found, hook)
    if document.visibility != PUBLIC and not document.source:
        return replace(base, kind=EventKind.CLOSED, visibility=document.visibility)
    return replace(base, document=document)


def _visibility(post: Any) -> str:
    """A post's visibility: `protected` and `password` are WordPress's own, `visibility` comes from plugins."""
    is_protected = at(post, "content", "protected") is True or at(post, "excerpt", "protected") is True
    if is_protected or text(at(post, "password")) or text(at(post, "post_password")):
        return "password"
    return text(at(post, "visibility"), MAX_VISIBILITY) or PUBLIC


def _changed(post: Any) -> int | None:
    return milliseconds(at(post, "modified_gmt")) or milliseconds(at(post, "date_modified_gmt"))


def _rendered(post: Any, name: str) -> Any:
    """A field in the REST API's format, `{"rendered": …}`, or as a string, as plugins send it."""
    value = at(post, name)
    return value if isinstance(value, str) else at(value, "rendered")


def _document(post: Any, found: str, hook: Hook) -> Document:
    terms = [term for group in items(at(post, "_embedded", "wp:term")) for term in items(group)]
    return Document(
        external_id=found,
        source=text(_rendered(post, "content")) or "",
        source_format=SourceFormat.HTML,
        title=plain(_rendered(post, "title"), MAX_TITLE),
        url=web_address(at(post, "link")),
        author=names(at(post, "_embedded", "author")),
        language=language(at(post, "lang")) or hook.options.language,
        published_at=moment(at(post, "date_gmt")),
        visibility=_visibility(post),
        tags=tags(terms),
        section=heading([term for term in terms if word(term, "taxonomy") == "category"]),
    )
