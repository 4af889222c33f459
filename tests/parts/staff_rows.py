"""Webhooks and callbacks in every state, for the staff's pages; what strangers wrote is a payload."""

from __future__ import annotations

from tts_service.callbacks.endpoints import EndpointDraft, add_endpoint
from tts_service.callbacks.log import send_test
from tts_service.cms.inbox.addresses import add_hook
from tts_service.db.tables import DeliveryAttemptRow, DeliveryRow, InboundEventRow
from tts_service.parts import Parts

PAYLOAD = "<script>alert(1)</script>"


def kept_event(parts: Parts, name: str, **values: object) -> str:
    """An event as it would be kept; its id."""
    usual: dict[str, object] = {
        "id": f"evt_{name}",
        "hook_id": "hook_x",
        "source": "ghost",
        "site": "gazette",
        "state": "done",
        "reason": "",
        "kind": "published",
        "external_id": name,
        "path": "/v1/webhooks/ghost/hook_x",
        "headers": {},
        "body": b"{}",
        "received_ms": 1_764_000_000_000,
        "due_ms": 0,
        "event_key": name,
    }
    with parts.database.writing() as session:
        session.add(InboundEventRow(**(usual | values)))
    return f"evt_{name}"


def events(parts: Parts) -> str:
    """A few of every state; the id of a refused one with much to show, whose hook is known."""
    hook = add_hook(parts.database, "ghost", "gazette")
    for number, state in enumerate(("received", "done", "ignored", "failed")):
        outcome = [{"external_id": "7", "state": "queued", "job": "job_1", "reason": ""}] if state == "done" else None
        kept_event(parts, f"{state}{number}", state=state, outcome=outcome, reason="draft" if number > 1 else "")
    return kept_event(
        parts,
        "refused",
        state="refused",
        hook_id=hook.id,
        kind=None,
        external_id=None,
        event_key=None,
        reason=f"webhook_refused: {PAYLOAD}",
        body=f'{{"post": "{PAYLOAD}"}}'.encode(),
        headers={"x-ghost-signature": "sha256=00, t=1", "x-directus-secret": "opens everything"},
        path=f"/v1/webhooks/ghost/{hook.id}?token=opens-too",
    )


def delivery(parts: Parts, *, tries: int = 2) -> str:
    """A delivery that failed; its id."""
    endpoint = add_endpoint(parts, EndpointDraft(url="https://cms.example/hear/as-good-as-a-key", site="gazette"))[0]
    made = send_test(parts, endpoint.id, ring=False).id
    with parts.database.writing() as session:
        row = session.get_one(DeliveryRow, made)
        row.state, row.reason, row.attempts, row.done_ms = "failed", "HTTP 500", tries, row.created_ms
        for number in range(tries):
            session.add(
                DeliveryAttemptRow(
                    delivery_id=made,
                    number=number + 1,
                    url=endpoint.url,
                    started_ms=row.created_ms,
                    took_ms=7,
                    status=500,
                    reason="HTTP 500",
                    answer=PAYLOAD,
                )
            )
    return made
