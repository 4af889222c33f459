"""A service full of scripts: strangers wrote one into every text they can set. And a page that escapes nothing."""

from __future__ import annotations

import html
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from sqlalchemy import update
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tests.parts.factories import make_parts
from tests.parts.script_payloads import PAYLOADS
from tests.parts.staff import Signed, signed
from tests.parts.web_rows import ready_clip
from tts_service.access.audit import Deed, record
from tts_service.db.tables import (
    ArticleRow,
    CallbackEndpointRow,
    ClipRevisionRow,
    DeliveryAttemptRow,
    DeliveryRow,
    InboundEventRow,
    LexiconEntryRow,
    ReportRow,
    StaffRow,
)
from tts_service.listeners.reports import ReportDraft, change_report, receive
from tts_service.parts import Parts
from tts_service.web.app import create_app


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, Signed, list[str]]]:
    """(address, somebody of the staff, references of reports) of an app full of payloads."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    parts = make_parts(folder, public_url=url, rate_public="", rate_feedback_address="")
    references = [poisoned(parts, number, payload) for number, payload in enumerate(PAYLOADS)]
    app = create_app(parts)
    _add_control(app)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", proxy_headers=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    yield url, signed(parts), references
    server.should_exit = True
    thread.join()


def poisoned(parts: Parts, number: int, payload: str) -> str:
    """A clip, its report and more, a payload in every text that anybody outside can set. The report's reference."""
    made = ready_clip(parts, name=str(number), sentences=(payload or ".", "Three people came."))
    block = {
        "kind": "quote",
        "text": f"{payload} Three people came.",
        "language": "en",
        "spoken": True,
        "skip_reason": None,
    }
    skipped = {"kind": payload, "text": payload, "reason": payload, "characters": 9, "spoken": 0}
    voice = {
        "id": payload,
        "engine": payload,
        "name": payload,
        "language": payload,
        "licence": payload,
        "digital_source_type": "algorithmicMedia",
    }
    mine = {"clip_id": made.id, "category": "other", "comment": payload[:1000], "email": payload[:190] + "@x"}
    reference = receive(parts, ReportDraft(**mine))  # type: ignore[arg-type]
    change_report(parts, reference, "confirmed", payload)
    with parts.database.writing() as session:
        session.execute(
            update(ArticleRow).where(ArticleRow.id == f"art_{number}").values(title=payload, url=payload, site=payload)
        )
        session.execute(
            update(ClipRevisionRow)
            .where(ClipRevisionRow.clip_id == made.id)
            .values(
                title=payload,
                author=payload,
                url=payload,
                blocks=[block, block | {"kind": "heading"}],
                account=[skipped],
                other_voices=[voice],
            )
        )
        session.execute(
            update(ReportRow)
            .where(ReportRow.id == reference)
            .values(site=payload, sentence=payload, voice=payload, note=payload)
        )
        session.add(
            InboundEventRow(
                id=f"evt_{number}",
                hook_id=payload,
                source=payload,
                site=payload,
                state="failed",
                kind=payload,
                external_id=payload,
                reason=payload,
                path=payload,
                headers={"x-said": payload},
                body=payload.encode(),
                outcome=[{"external_id": payload, "state": payload, "job": payload, "reason": payload}],
                received_ms=1,
                due_ms=0,
                event_key=str(number),
            )
        )
        session.add(StaffRow(id=f"stf_{number}", name=payload + str(number), role="staff", created_ms=1))
        session.add(
            LexiconEntryRow(
                id=f"lex_{number}",
                scope="global",
                language="en",
                graphemes=[payload],
                alias=payload,
                ipa=None,
                case_sensitive=False,
                note=payload,
                author=payload,
                created_ms=1,
                updated_ms=1,
            )
        )
    _told(parts, number, payload)
    record(parts.database, Deed(who=payload, what=payload, subject=payload, site=payload, details={"x": payload}))
    return reference


def _told(parts: Parts, number: int, payload: str) -> None:
    """A callback about it: what its receiver answered, and why it failed."""
    with parts.database.writing() as session:
        session.add(
            CallbackEndpointRow(
                id=f"cbk_{number}",
                site=payload,
                url="https://cms.example/x",
                events="",
                note=payload,
                secret_owner="x",
                disabled_reason=payload,
                created_ms=1,
                updated_ms=1,
            )
        )
        session.flush()
        session.add(
            DeliveryRow(
                id=f"dlv_{number}",
                endpoint_id=f"cbk_{number}",
                event_id=str(number),
                type=payload,
                site=payload,
                body=json.dumps({"data": payload}),
                state="failed",
                reason=payload,
                due_ms=1,
                created_ms=1,
            )
        )
        session.flush()
        session.add(
            DeliveryAttemptRow(
                delivery_id=f"dlv_{number}",
                number=1,
                url=payload,
                started_ms=1,
                took_ms=1,
                status=500,
                reason=payload,
                answer=payload,
            )
        )


def _add_control(app: FastAPI) -> None:
    def control(request: Request) -> Response:
        payload = PAYLOADS[int(request.path_params["number"])]
        attribute = html.escape(payload, quote=False)
        body = (
            f'<!doctype html><title>{payload}</title><div class="control"><h1>{payload}</h1>'
            f'<a href="{payload}">x</a><p title="{attribute}">y</p><script type="application/ld+json">'
            f"{json.dumps(payload)}</script></div>"
        )
        return HTMLResponse(body)

    app.add_route("/control/{number:int}", control)
    app.add_route("/control/blank", lambda _request: HTMLResponse("<!doctype html><title>Blank</title><body>"))
