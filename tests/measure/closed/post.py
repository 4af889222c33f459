"""Posts a webhook of the table, signed as its CMS signs."""

from __future__ import annotations

import httpx

from tests.measure.closed.play import Envelope
from tests.parts.webhooks import signed_delivery
from tts_service.cms.sources.base import Hook


def post_envelope(client: httpx.Client, base_url: str, hook: Hook, envelope: Envelope) -> None:
    """Raises AssertionError where the service doesn't take it."""
    said = envelope.said
    signed = signed_delivery(hook, said.body, said.headers, sent_ms=envelope.made_ms, message_id=envelope.message_id)
    answer = client.post(base_url + signed.path, content=signed.body, headers=dict(signed.headers))
    assert answer.status_code in (200, 202), f"{envelope.source}: {answer.status_code} {answer.text}"
