"""Missing and malformed settings are told when the site starts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.core import checks

from listen_to_the_article import line, setting

_SITE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NEEDED = ("LISTEN_ADDRESS", "LISTEN_SECRET", "LISTEN_SITE", "LISTEN_PAGES")


def check_settings(app_configs: Any = None, **_: Any) -> list[checks.CheckMessage]:
    """All that can be seen without asking the service; `listen_check` asks it."""
    missing = [name for name in _NEEDED if not (setting.pages() if name == "LISTEN_PAGES" else setting.text(name))]
    found: list[checks.CheckMessage] = []
    if missing:
        text = f"The audio service is told nothing: {', '.join(missing)} not set."
        found.append(
            checks.Warning(text, hint="tts-service hooks add wagtail prints them.", id="listen_to_the_article.W001")
        )
    found += [checks.Error(text, id=f"listen_to_the_article.E00{number}") for number, text in _wrong()]
    return found


def _wrong() -> Iterator[tuple[int, str]]:
    address = setting.address()
    parts = urlsplit(address)
    if address and not (parts.scheme in ("http", "https") and parts.hostname and "/v1/webhooks/wagtail/" in parts.path):
        yield 1, "LISTEN_ADDRESS must look like https://audio.example/v1/webhooks/wagtail/…"
    if setting.text("LISTEN_SECRET") and line.signing_key(setting.text("LISTEN_SECRET")) is None:
        yield (
            2,
            "LISTEN_SECRET must be whsec_ and 24 to 64 bytes in base64, as `tts-service hooks add wagtail` prints it.",
        )
    if setting.text("LISTEN_SITE") and not _SITE.fullmatch(setting.text("LISTEN_SITE")):
        yield 3, "LISTEN_SITE is not a site's name."
    for label, parts_of_text in setting.pages().items():
        yield from _wrong_pages(label, parts_of_text)
    if setting.text("LISTEN_KEY") and not setting.text("LISTEN_KEY").startswith("ltk_"):
        yield 6, "LISTEN_KEY must be an API key, ltk_…"
    for name in ("LISTEN_LANGUAGE", "LISTEN_VISIBILITY", "LISTEN_MAY_LISTEN"):
        try:
            setting.function(name)
        except ImportError as error:
            yield 7, f"{name}: {error}"


def _wrong_pages(label: str, parts_of_text: tuple[setting.TextPart, ...]) -> Iterator[tuple[int, str]]:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        yield 4, f'LISTEN_PAGES: there is no model "{label}"; write it as "blog.ArticlePage".'
        return
    if model._meta.label != label:
        yield 4, f'LISTEN_PAGES: write "{model._meta.label}" instead of "{label}".'
    for part in parts_of_text:
        if isinstance(part, str) and "." not in part and not _has(model, part):
            yield 5, f'LISTEN_PAGES: {label} has no field, attribute or method "{part}".'


def _has(model: Any, name: str) -> bool:
    return hasattr(model, name) or any(field.name == name for field in model._meta.get_fields())
