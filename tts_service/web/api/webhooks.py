"""Webhooks from CMSs: stored and acknowledged before they are processed."""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from tts_service.cms.inbox.receive import MAX_BYTES, Inbox, Receipt
from tts_service.cms.sources.base import Delivery
from tts_service.errors import BodyUnreadable, DatabaseUnavailable, InvalidRequest, NotFound, TooLarge, WebhookRefused
from tts_service.parts import Parts
from tts_service.public_addresses import public_path
from tts_service.web.given import GivenParts
from tts_service.web.responses import ANY_BODY, PUBLIC, body, problems
from tts_service.web.schemas.fields import ShownSite
from tts_service.web.security import SIGNATURES

router = APIRouter(prefix="/v1", tags=["webhooks"])

ANSWER_WITHIN_S = 0.8
"""Ghost waits 2 s, Wix 1.25 s: after this time they get a 503, but the webhook is still stored."""
_RECEIVING = ThreadPoolExecutor(max_workers=64, thread_name_prefix="webhook")
"""Threads of their own: whatever keeps the others busy, there is one for a webhook."""

log = logging.getLogger(__name__)


_BODY = {
    "schema": {"description": "JSON as sent by the CMS: see docs/cms."},
    "example": {"type": "article.published", "data": {"id": "42", "title": "New bridge opens", "html": "<p>It is."}},
}


class WebhookReceived(BaseModel):
    """The result of receiving a webhook."""

    state: Literal["received", "ignored", "duplicate"]
    event: str | None = Field(
        description="Id for `tts-service hooks events`; null if nothing was stored", examples=["evt_019b4c5e77f57f21"]
    )
    reason: str = Field(examples=[""])
    site: ShownSite | None = Field(description="The site of this address; null for an unsigned ping")


@router.post(
    "/webhooks/{source}/{hook}",
    status_code=202,
    responses={
        200: {"model": WebhookReceived, "description": "A duplicate, or nothing to do."},
        **problems(*PUBLIC, *ANY_BODY, BodyUnreadable, InvalidRequest, NotFound, WebhookRefused),
    },
    # Not as dependencies: each of them would run for every webhook.
    openapi_extra=body({"application/json": _BODY}) | {"security": [{one.scheme_name: []} for one in SIGNATURES]},
)
async def receive_webhook(
    source: Annotated[str, Path(max_length=40, description="Type of CMS, such as ghost", examples=["ghost"])],
    hook: Annotated[
        str,
        Path(
            max_length=64,
            description="The hook's id, as printed by `tts-service hooks add`",
            examples=["hook_019b4c5e77f79b41"],
        ),
    ],
    request: Request,
    parts: GivenParts,
    response: Response,
) -> WebhookReceived:
    """Receive a CMS's webhook. 202: accepted; 200: a duplicate, or nothing to do.

    A signed message of type `ping` or `test` only tests the connection: the response is 200 with `ignored` and the
    `site` of this address.
    """
    inbox: Inbox = request.app.state.inbox
    body = await _body(request)
    delivery = _delivery(parts, request, body or b"")
    if body is None:
        error = TooLarge(f"A webhook can have at most {MAX_BYTES} bytes.")
        await _within(ANSWER_WITHIN_S, inbox.refuse, source, hook, delivery, error)
        raise error
    receipt: Receipt = await _within(ANSWER_WITHIN_S, inbox.take_in, source, hook, delivery)
    response.status_code = HTTPStatus.ACCEPTED if receipt.state == "received" else HTTPStatus.OK
    return WebhookReceived(state=receipt.state, event=receipt.event_id, reason=receipt.reason, site=receipt.site)


async def _body(request: Request) -> bytes | None:
    """The raw body, counted while it comes; None: it is too long, and the rest isn't read."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BYTES:
            return None
    return bytes(body)


def _delivery(parts: Parts, request: Request, body: bytes) -> Delivery:
    # Some senders sign the address that they called, which begins with the public URL's own path.
    raw_path = request.scope.get("raw_path") or request.url.path.encode()
    query = request.scope.get("query_string", b"")
    path = raw_path.decode("latin-1") + (f"?{query.decode('latin-1')}" if query else "")
    path = public_path(parts.settings, path)
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Delivery(body=body, headers=headers, path=path, received_ms=time.time_ns() // 1_000_000)


async def _within(seconds: float, work: Any, *arguments: Any) -> Any:
    """The result of `work` in a thread. Raises DatabaseUnavailable when it takes longer; then it goes on by itself."""
    task = asyncio.ensure_future(asyncio.get_running_loop().run_in_executor(_RECEIVING, work, *arguments))
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        task.add_done_callback(_late)
        raise DatabaseUnavailable(f"The database took longer than {seconds:g} s.")
    return task.result()


def _late(task: asyncio.Future[Any]) -> None:
    error = None if task.cancelled() else task.exception()
    log.warning("a webhook was kept after its answer%s", f", or not: {error}" if error else "")
