"""The natural key of a job: equal for articles that would sound and look the same, so that none is rendered twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from tts_service.newsroom.article_settings import ArticleSettings, article_settings
from tts_service.parts import Parts
from tts_service.values import Article

_SETTINGS_VERSION = "1"
"""Part of the key: raise it when the same text would be spoken differently."""


def natural_key(
    parts: Parts, *, site: str, external_id: str, content_hash: str, voice: str | None, formats: Iterable[str]
) -> str:
    """Hash of all that decides what is heard: the same article is another job as soon as any of it has changed.

    Policy, lexicon and repairs count as they are committed.
    """
    with parts.database.reading() as session:
        settled = article_settings(session, parts.settings, site, external_id)
    return natural_key_with(
        settled, site=site, external_id=external_id, content_hash=content_hash, voice=voice, formats=formats
    )


def natural_key_with(
    settled: ArticleSettings,
    *,
    site: str,
    external_id: str,
    content_hash: str,
    voice: str | None,
    formats: Iterable[str],
) -> str:
    """The same, where the settings were read."""
    repairs = settled.repairs
    digest = hashlib.sha256()
    for part in (
        site,
        external_id,
        content_hash,
        voice or "",
        ",".join(sorted(formats)),
        settled.policy,
        settled.lexicon,
        _SETTINGS_VERSION,
        *((repairs,) if repairs else ()),  # other articles keep the keys that they had before there were any
    ):
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def content_hash_of(article: Article) -> str:
    """Hash of everything that is heard or shown: text, title, author, language, date, address."""
    digest = hashlib.sha256()
    published = article.published_at.isoformat() if article.published_at else ""
    for part in (
        article.source_format,
        article.source,
        article.title or "",
        article.author or "",
        article.language or "",
        published,
        article.url or "",
    ):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
