"""The app's settings, read each time they are needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

TextPart = str | Callable[..., Any]


def text(name: str) -> str:
    """A setting that is a string; empty if it isn't set."""
    return str(getattr(settings, name, "") or "").strip()


def address() -> str:
    """The hook's address."""
    return text("LISTEN_ADDRESS")


def base() -> str:
    """Address of the service itself, for readers' browsers and for look-ups."""
    return (text("LISTEN_BASE") or address().partition("/v1/webhooks/")[0]).rstrip("/")


def is_complete() -> bool:
    """Whether everything is set that a delivery needs."""
    return bool(address() and text("LISTEN_SECRET") and pages())


def pages() -> dict[str, tuple[TextPart, ...]]:
    """Label of each page model that holds articles, and the parts of its text in their order."""
    given = getattr(settings, "LISTEN_PAGES", None) or {}
    return {label: tuple(parts) if isinstance(parts, list | tuple) else (parts,) for label, parts in given.items()}


def function(name: str) -> Callable[..., Any] | None:
    """A setting that names a function, or is one; None if it isn't set."""
    given = getattr(settings, name, None)
    return import_string(given) if isinstance(given, str) and given else given
