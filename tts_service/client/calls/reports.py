"""Listeners' reports: sent, listed, settled."""

from __future__ import annotations

import uuid
from typing import Literal

from tts_service.client.calls.call import Call, given, path_part
from tts_service.client.values.articles import Clip
from tts_service.client.values.reports import Report, ReportPage, ReportState


def reports(*, state: str | None = None, cursor: str | None = None, limit: int = 50) -> Call[ReportPage]:
    """Listeners' reports, newest first."""
    wanted = {"state": state, "cursor": cursor, "limit": limit}
    return Call(method="GET", path="/v1/reports", params=wanted, read=ReportPage.of)


def settle(reference: str, *, state: str | None = None, note: str | None = None) -> Call[Report]:
    """Set a report's state (new, confirmed, corrected, rejected) and note."""
    change = given(state=state, note=note)
    return Call(method="PATCH", path=f"/v1/reports/{path_part(reference)}", json=change, read=Report.of)


def send_report(
    clip: Clip,
    category: Literal["pronunciation", "number", "missing", "extra", "sound", "other"],
    *,
    position_ms: int = 0,
    token: int | None = None,
    comment: str | None = None,
    email: str | None = None,
) -> Call[str]:
    """Report a fault at a place of a clip; returns the report's reference. The description must be at most 2 h old."""
    sent = given(
        clip=clip.id,
        revision=clip.revision,
        category=category,
        clip_token=clip.feedback_token,
        sent_key=uuid.uuid4().hex,  # drawn once: however often it is sent, it is stored once
        position_ms=position_ms,
        token=token,
        comment=comment,
        email=email,
    )
    return Call(method="POST", path="/v1/feedback", json=sent, read=lambda data: str(data["reference"]))


def report_state(reference: str) -> Call[ReportState]:
    """What became of a report."""
    return Call(method="GET", path=f"/v1/feedback/{path_part(reference)}", read=ReportState.of)
