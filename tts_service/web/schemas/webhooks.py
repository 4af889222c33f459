"""Webhooks from CMSs."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field, RootModel

from tts_service.web.schemas.fields import ShownSite, example


class WebhookBody(RootModel[Any]):
    """JSON as the CMS sends it: see docs/cms."""

    model_config = example(
        {
            "type": "article.published",
            "data": {
                "id": "42",
                "title": "New bridge opens",
                "html": "<p>The harbour town of Elmsworth opened its new bridge on Monday.</p>",
            },
        }
    )


class WebhookReceived(BaseModel):
    """What became of a delivery."""

    state: Literal["received", "ignored", "duplicate"]
    event: str | None = Field(
        description="Id for `tts-service hooks events`; null when nothing was kept", examples=["evt_019b4c5e77f57f21"]
    )
    reason: str = Field(examples=[""])
    site: ShownSite | None = Field(description="The site that this address is for; null for an unsigned ping")
