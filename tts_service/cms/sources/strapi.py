"""Strapi: no signature, only a header set by the admin. If an API is configured, the published version is fetched.

Strapi 5 keeps a draft and a published version per language in one document. Saving sends the draft, even if the article
is live; only `entry.publish` sends the published text. Strapi 4 has a separate entry per language.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from tts_service.cms.sources.article_of import document_of, has_body, is_article, value_of
from tts_service.cms.sources.base import Call, Claims, Delivery, Document, Event, EventKind, Hook, ignored
from tts_service.cms.sources.fields import at, external_id, milliseconds, stamp, text, word
from tts_service.cms.sources.signatures import bearer_headers, check_bearer, digest

_KINDS = {
    "entry.publish": EventKind.PUBLISHED,
    "entry.create": EventKind.PUBLISHED,
    "entry.update": EventKind.UPDATED,
    "entry.unpublish": EventKind.UNPUBLISHED,
    "entry.delete": EventKind.DELETED,
}
_USUAL_MODELS = ("article", "post", "blog-post")
_MAX_LOCALE = 35


class Strapi:
    """Strapi 4 and 5."""

    name = "strapi"

    def new_secret(self) -> str:
        return secrets.token_urlsafe(32)

    def advice(self, address: str, hook: Hook) -> tuple[str, ...]:
        return (
            "Settings > Webhooks > Create new webhook; events: Entry create, update, delete, publish, unpublish.",
            f"Url:     {address}",
            f"Headers: Authorization = Bearer {hook.secret}",
        )

    def verify(self, delivery: Delivery, hook: Hook) -> Claims:
        check_bearer(delivery, hook.secret)
        # The body contains the event's time, so two saves never have equal bytes.
        return Claims(key=digest(delivery.body))

    def read(self, delivery: Delivery, body: Any, hook: Hook) -> tuple[Event, ...]:
        kind, entry, model = _KINDS.get(word(body, "event")), at(body, "entry"), word(body, "model")
        if kind is None or not isinstance(entry, Mapping):
            return ignored(f"nothing about an entry: {word(body, 'event')[:40] or 'no event'}")
        found = external_id(at(entry, "documentId")) or external_id(at(entry, "id"))
        if found is None:
            return ignored("the entry has no id")
        if not is_article(model, hook, _USUAL_MODELS):
            return ignored(f"not an article: {model[:40]}", found)
        # The entry's time is that of its last edit, which may be long before it was published or unpublished.
        changed = _latest(at(body, "createdAt"), value_of(entry, "updated_at", hook))
        event = Event(kind=kind, external_id=found, locale=_locale(entry), changed_ms=changed)
        if kind in (EventKind.UNPUBLISHED, EventKind.DELETED):
            return (replace(event, every_locale=event.locale is None),)
        if _is_draft(entry):
            return ignored("a draft", found)
        if hook.options.api_url:
            return (replace(event, call=_call(_plural(model, hook), found, event.locale, hook)),)
        if not has_body(entry, hook):
            reason = "the text isn't sent: set this hook's api_url, or name its field with --field body=…"
            return (replace(event, kind=EventKind.IGNORED, reason=reason),)
        return (replace(event, document=document_of(entry, hook, found)),)

    def recall(self, external_id: str, locale: str | None, hook: Hook) -> Call | None:
        """Only if the hook has a single model or collection: an id doesn't identify its model.

        If the article's locale is unknown, requests all published versions.
        """
        types = hook.options.types
        known = len(types) == 1 or bool(hook.options.fields.get("collection"))
        if not hook.options.api_url or not known:
            return None
        plural = _plural(types[0] if types else "", hook)
        if locale or external_id.isdigit():  # numeric ids are Strapi 4's, one per language
            return _call(plural, external_id, locale, hook)
        return _call_for_all(plural, external_id, hook)

    def answered(self, body: Any, event: Event, hook: Hook) -> Event:
        data = at(body, "data")
        known = replace(event, call=None)
        if isinstance(data, list) and event.locale is None:
            if not data:
                return replace(known, kind=EventKind.UNPUBLISHED, document=None, reason="no version is published")
            if len(data) > 1:
                return replace(known, kind=EventKind.IGNORED, reason="several languages, and this one's isn't known")
            data = data[0]
        entry = at(data, "attributes") or data  # one level deeper in Strapi 4
        if not isinstance(entry, Mapping) or not entry:
            return replace(known, kind=EventKind.IGNORED, reason="the API's answer has no entry")
        if _is_draft(entry):
            return replace(known, kind=EventKind.UNPUBLISHED, document=None, reason="the API has only a draft")
        locale = text(at(entry, "locale"), _MAX_LOCALE)
        if event.locale and locale and locale != event.locale:
            reason = f"the API has no version in {event.locale}"
            return replace(known, kind=EventKind.UNPUBLISHED, document=None, reason=reason)
        if not has_body(entry, hook):
            return replace(known, kind=EventKind.IGNORED, reason="no field for the text: name it with --field body=…")
        # A version published again may have an older timestamp than its withdrawal.
        newest = _latest(value_of(entry, "updated_at", hook), at(entry, "publishedAt"))
        changed = max((ms for ms in (newest, event.changed_ms) if ms is not None), default=None)
        found = document_of(entry, hook, event.external_id)
        return replace(known, locale=event.locale or _locale(entry), changed_ms=changed, document=found)

    def sample(self, document: Document, hook: Hook, path: str, now_ms: int) -> Delivery:
        written = stamp(now_ms)
        entry = {
            "documentId": document.external_id,
            "updatedAt": written,
            "publishedAt": written,
            hook.options.fields.get("title", "title"): document.title,
            hook.options.fields.get("body", "body"): document.source,
        }
        model = (hook.options.types or ("article",))[0]
        body = json.dumps({"event": "entry.publish", "createdAt": written, "model": model, "entry": entry}).encode()
        headers = {"content-type": "application/json", "x-strapi-event": "entry.publish", **bearer_headers(hook.secret)}
        return Delivery(body=body, headers=headers, path=path, received_ms=now_ms)


def _is_draft(entry: Mapping[str, Any]) -> bool:
    return "publishedAt" in entry and entry["publishedAt"] is None


def _locale(entry: Mapping[str, Any]) -> str | None:
    """The language of a Strapi 5 document's version. In Strapi 4 the id identifies it."""
    return text(at(entry, "locale"), _MAX_LOCALE) if external_id(at(entry, "documentId")) else None


def _latest(*times: Any) -> int | None:
    return max((ms for ms in map(milliseconds, times) if ms is not None), default=None)


def _plural(model: str, hook: Hook) -> str:
    """Strapi's plural names follow a rule; --field collection=… overrides it."""
    return hook.options.fields.get("collection") or f"{model}s"


def _call(plural: str, found: str, locale: str | None, hook: Hook) -> Call:
    """Request for the published version in one language. Strapi 4 ignores the status and returns published entries."""
    language = f"&locale={quote(locale, safe='')}" if locale else ""
    return _call_of(f"{quote(plural, safe='')}/{quote(found, safe='')}?status=published{language}&populate=*", hook)


def _call_for_all(plural: str, found: str, hook: Hook) -> Call:
    """Request for the published versions in all languages."""
    which = f"filters%5BdocumentId%5D%5B%24eq%5D={quote(found, safe='')}&locale=*"
    return _call_of(f"{quote(plural, safe='')}?{which}&status=published&populate=*", hook)


def _call_of(place: str, hook: Hook) -> Call:
    options = hook.options
    headers = bearer_headers(options.api_token) if options.api_token else {}
    return Call(url=f"{(options.api_url or '').rstrip('/')}/api/{place}", headers=headers)
