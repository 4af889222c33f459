"""JSON with common field names -> Document: shared by Contentful, Sanity, Strapi, Directus and others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from tts_service.cms.sources.base import Document, Hook
from tts_service.cms.sources.fields import (
    MAX_TITLE,
    at,
    heading,
    language,
    names,
    plain,
    site_moment,
    tags,
    text,
    web_address,
)
from tts_service.cms.sources.portable_text import is_portable_text, write_portable_text
from tts_service.cms.sources.rich_text import is_rich_text, write_rich_text
from tts_service.cms.sources.strapi_blocks import is_blocks, write_blocks
from tts_service.values import PUBLIC, SourceFormat, WebAddress

USUAL = {
    "title": ("title", "headline", "name"),
    "body": ("body", "content", "html", "text", "markdown"),
    "url": ("url", "link", "canonical_url", "canonicalUrl"),
    "slug": ("slug",),
    "author": ("author", "authors", "byline"),
    "language": ("language", "locale", "lang", "langcode"),
    "published_at": ("published_at", "publishedAt", "date_published", "publishDate"),
    "updated_at": ("updated_at", "updatedAt", "_updatedAt", "date_updated"),
    "visibility": ("visibility", "access"),
    "tags": ("tags", "categories"),
    "section": ("section", "category", "channel", "primary_tag", "primary_category"),
    "status": ("status",),
    "publish_at": (),
    "expires_at": (),
}
"""Common field names in CMSs, overridden by `HookOptions.fields`. Fields without a common name must be set there."""
MAX_VISIBILITY = 40
_ELEMENT = re.compile(r"<(?:p|div|h[1-6]|ul|ol|li|br|figure|blockquote|section|article|span|strong|em)\b[^<>]{0,500}>")
_LOOKED_AT = 20_000
_BY_NAME = {"html": SourceFormat.HTML, "text": SourceFormat.TEXT, "markdown": SourceFormat.MARKDOWN}


def value_of(entry: Any, name: str, hook: Hook) -> Any:
    """The field with the name configured for the hook, else the first common one present."""
    configured = hook.options.fields.get(name)
    if configured:
        return at(entry, *configured.split("."))
    return next((found for key in USUAL[name] if (found := at(entry, key)) is not None), None)


def has_body(entry: Any, hook: Hook) -> bool:
    """Whether there is a body field, empty or not."""
    return value_of(entry, "body", hook) is not None


def is_empty(entry: Any, hook: Hook) -> bool:
    """Whether the body contains no text."""
    return not body_of(value_of(entry, "body", hook))[0].strip()


def document_of(entry: Mapping[str, Any], hook: Hook, external_id: str) -> Document:
    """The article in an entry whose fields are strings or an editor's document tree."""
    source, source_format, left_out = body_of(value_of(entry, "body", hook), _named_format(entry, hook))
    tag_values = value_of(entry, "tags", hook)
    return Document(
        external_id=external_id,
        source=source,
        source_format=source_format,
        title=plain(value_of(entry, "title", hook), MAX_TITLE),
        url=web_address(value_of(entry, "url", hook)) or made_url(entry, hook, external_id),
        author=names(value_of(entry, "author", hook)),
        language=language(value_of(entry, "language", hook)) or hook.options.language,
        published_at=site_moment(value_of(entry, "published_at", hook)),
        visibility=text(value_of(entry, "visibility", hook), MAX_VISIBILITY) or PUBLIC,
        tags=tags([tag.strip() for tag in tag_values.split(",")] if isinstance(tag_values, str) else tag_values),
        section=heading(value_of(entry, "section", hook)),
        publish_at=site_moment(value_of(entry, "publish_at", hook)),
        expires_at=site_moment(value_of(entry, "expires_at", hook)),
        left_out=left_out,
    )


def body_of(value: Any, named: SourceFormat | None = None) -> tuple[str, SourceFormat, tuple[str, ...]]:
    """(source, format, kinds of omitted content) of a body in any supported form; without text the source is empty."""
    for is_tree, write in (
        (is_rich_text, write_rich_text),
        (is_portable_text, write_portable_text),
        (is_blocks, write_blocks),
    ):
        if is_tree(value):
            written = write(value)
            return text(written.html) or "", SourceFormat.HTML, written.left_out
    found = text(value) or ""
    return found, named or (SourceFormat.HTML if looks_like_html(found) else SourceFormat.MARKDOWN), ()


def looks_like_html(source: str) -> bool:
    """Whether a body field is HTML: it contains an element used for text."""
    return bool(_ELEMENT.search(source[:_LOOKED_AT]))


def made_url(entry: Any, hook: Hook, external_id: str) -> WebAddress | None:
    """The address from the hook's pattern, if all its parts are known."""
    pattern = hook.options.url
    if not pattern:
        return None
    slug = value_of(entry, "slug", hook)
    slug = text(at(slug, "current") or slug, 500)  # Sanity's slugs are objects
    if "{slug}" in pattern and not slug:
        return None
    return web_address(pattern.replace("{slug}", in_path(slug or "")).replace("{id}", in_path(external_id)))


def in_path(text: str) -> str:
    """A slug or alias as part of an address: `#`, `?` and `&` are escaped; what the CMS has already escaped is kept."""
    return quote(text, safe="/%:@!$'()*+,;=~")


def is_article(kind: str | None, hook: Hook, usual: tuple[str, ...] = ()) -> bool:
    """Whether this content type is an article for the hook; true if no types are configured."""
    types = hook.options.types or usual
    return not types or kind in types


def is_published(entry: Any, hook: Hook) -> bool:
    """Whether its status, if any, is published."""
    status = value_of(entry, "status", hook)
    if isinstance(status, bool):
        return status
    return status is None or (isinstance(status, str) and status in ("published", "publish"))


def _named_format(entry: Any, hook: Hook) -> SourceFormat | None:
    """The format implied by the body field's name: html, text, markdown."""
    configured = hook.options.fields.get("body")
    key = configured or next((key for key in USUAL["body"] if at(entry, key) is not None), "")
    return _BY_NAME.get(key.rpartition(".")[2])
