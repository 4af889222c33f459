"""The sources by name, and their common check: signature, then age."""

from __future__ import annotations

from tts_service.cms.sources.base import Claims, Delivery, Hook, Source
from tts_service.cms.sources.contentful import Contentful
from tts_service.cms.sources.directus import Directus
from tts_service.cms.sources.drupal import Drupal
from tts_service.cms.sources.ghost import Ghost
from tts_service.cms.sources.sanity import Sanity
from tts_service.cms.sources.signatures import check_age
from tts_service.cms.sources.standard import StandardWebhooks
from tts_service.cms.sources.strapi import Strapi
from tts_service.cms.sources.wagtail import Wagtail
from tts_service.cms.sources.woocommerce import WooCommerce
from tts_service.cms.sources.wordpress import WordPress
from tts_service.errors import InputRefused

_ALL: tuple[Source, ...] = (
    Contentful(),
    Directus(),
    Drupal(),
    Ghost(),
    Sanity(),
    StandardWebhooks(),
    Strapi(),
    Wagtail(),
    WooCommerce(),
    WordPress(),
)
SOURCES = {source.name: source for source in _ALL}


def source_named(name: str) -> Source:
    """The source with this name. Raises InputRefused, listing the names."""
    if name not in SOURCES:
        raise InputRefused(f"Unknown source {name[:40]!r}.", known=sorted(SOURCES))
    return SOURCES[name]


def admit(delivery: Delivery, hook: Hook) -> Claims:
    """Verifies signature and age. Raises WebhookRefused; its message is for the log only."""
    claims = SOURCES[hook.source].verify(delivery, hook)
    check_age(claims, delivery.received_ms)
    return claims
