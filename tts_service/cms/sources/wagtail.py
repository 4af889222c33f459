"""Wagtail through our app (samples/wagtail), which listens to page_published and page_unpublished."""

from __future__ import annotations

from tts_service.cms.sources.base import Hook
from tts_service.cms.sources.standard import StandardWebhooks


class Wagtail(StandardWebhooks):
    """The app follows Standard Webhooks; it is configured with the page types that are articles."""

    name = "wagtail"
    keeps_timestamp = False
    without_as_of = (
        "The app is outdated (its deliveries have no data.as_of) and a repeated delivery can "
        "publish a draft: upgrade it."
    )

    def advice(self, address: str, hook: Hook) -> tuple[str, ...]:
        return (
            "Copy samples/wagtail/listen_to_the_article/ next to your apps and add it to INSTALLED_APPS; in settings:",
            f'LISTEN_ADDRESS = "{address}"',
            f'LISTEN_SECRET = "{hook.secret}"',
            f'LISTEN_SITE = "{hook.site}"',
            'LISTEN_PAGES = {"blog.ArticlePage": "body"}  # page model: its field with the text',
        )
