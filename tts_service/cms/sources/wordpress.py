"""WordPress through our must-use plugin (samples/wordpress): WordPress itself sends no webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tts_service.cms.sources.base import Call, Event, Hook
from tts_service.cms.sources.standard import StandardWebhooks
from tts_service.cms.sources.woocommerce import event_of_post, wordpress_call


class WordPress(StandardWebhooks):
    """The plugin follows Standard Webhooks and sends the rendered post with its type."""

    name = "wordpress"
    keeps_timestamp = False
    without_as_of = (
        "The plugin is outdated (its deliveries have no data.as_of) and a repeated delivery can "
        "publish a draft: upgrade it."
    )

    def advice(self, address: str, hook: Hook) -> tuple[str, ...]:
        return (
            "Copy the file and the folder in samples/wordpress/ into wp-content/mu-plugins/,",
            "then Settings > Listen to the article:",
            f"Address: {address}",
            f"Secret:  {hook.secret}",
            f"Site:    {hook.site}",
        )

    def usual_types(self, data: Mapping[str, Any]) -> tuple[str, ...]:
        return ("post",)

    def recall(self, external_id: str, locale: str | None, hook: Hook) -> Call | None:
        """The REST API, if the hook's `api_url` is the site's address."""
        return wordpress_call(external_id, hook)

    def answered(self, body: Any, event: Event, hook: Hook) -> Event:
        return event_of_post(body, event.external_id, hook, event.kind)
