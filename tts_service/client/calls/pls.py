"""The lexicon as W3C PLS 1.0 documents: exported, weighed, imported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from tts_service.client.calls.call import Call
from tts_service.client.values.lexicon import Impact, Import

_Read = TypeVar("_Read")
_PLS = {"Content-Type": "application/pls+xml"}


def export_pls(*, site: str | None = None, article_id: str | None = None, language: str | None = None) -> Call[bytes]:
    """The entries of a site or article; neither: those for all sites. `language` is needed if there are several."""
    params = {"site": site, "article": article_id, "language": language}
    return Call(method="GET", path="/v1/lexicon.pls", params=params, read=bytes, binary=True)


def impact_of_import(
    document: bytes, *, site: str | None = None, article_id: str | None = None, replace: bool = False
) -> Call[Impact]:
    """What importing a PLS document would change in published clips. Raises Refused with line, column and reason."""
    params = {"site": site, "article": article_id, "replace": replace}
    return _sent("/v1/lexicon/impact/import", document, params, Impact.of)


def import_pls(
    document: bytes,
    *,
    site: str | None = None,
    article_id: str | None = None,
    replace: bool = False,
    dry_run: bool = False,
) -> Call[Import]:
    """Import a PLS document, completely or not at all, for texts from now on. `replace`: entries that have one of the
    graphemes, which are a Conflict otherwise. Raises Refused with line, column and reason."""
    params = {"site": site, "article": article_id, "replace": replace, "dry_run": dry_run}
    return _sent("/v1/lexicon/import", document, params, Import.of)


def _sent(path: str, document: bytes, params: dict[str, Any], read: Callable[[Any], _Read]) -> Call[_Read]:
    return Call(method="POST", path=path, content=document, headers=_PLS, params=params, read=read)
