"""The document's `webhooks`: what this service calls publishers with. Nothing here is called."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Security

from tts_service.web.schemas.events import (
    ClipFailedEvent,
    ClipReadyEvent,
    ClipWithdrawnEvent,
    ReportReceivedEvent,
    ReportResolvedEvent,
    TestEvent,
)
from tts_service.web.security import STANDARD_WEBHOOKS


def _sent_with(
    webhook_id: Annotated[
        str, Header(description="The event's id, the same at every try", examples=["evt_01HX0000000000000000000001"])
    ],
    webhook_timestamp: Annotated[
        str, Header(description="Seconds since 1970 when this try was signed", examples=["1766500000"])
    ],
    webhook_signature: Annotated[
        str,
        Header(
            description="`v1,` and HMAC-SHA256 in base64; one for each secret, with a space between",
            examples=["v1,c2lnbmVk"],
        ),
    ],
) -> None:
    """The headers of every event."""


router = APIRouter(
    tags=["events"],
    generate_unique_id_function=lambda route: route.name,
    dependencies=[Security(STANDARD_WEBHOOKS), Depends(_sent_with)],
    responses={
        204: {"description": "Taken; any 2xx will do."},
        410: {"description": "Never again: the endpoint is switched off."},
        429: {"description": "Later: `Retry-After` is waited for, up to an hour."},
        503: {"description": "Later: `Retry-After` is waited for, up to an hour."},
    },
)


@router.post("clip.ready", status_code=204)
def clip_ready(event: ClipReadyEvent) -> None:
    """A revision is what listeners hear now."""


@router.post("clip.failed", status_code=204)
def clip_failed(event: ClipFailedEvent) -> None:
    """A job ended without a clip; an earlier revision is heard as before."""


@router.post("clip.withdrawn", status_code=204)
def clip_withdrawn(event: ClipWithdrawnEvent) -> None:
    """The clip is offline."""


@router.post("report.received", status_code=204)
def report_received(event: ReportReceivedEvent) -> None:
    """A listener reported something."""


@router.post("report.resolved", status_code=204)
def report_resolved(event: ReportResolvedEvent) -> None:
    """Staff corrected what was reported, or rejected the report."""


@router.post("callback.test", status_code=204)
def callback_test(event: TestEvent) -> None:
    """You asked for a test."""
