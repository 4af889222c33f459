"""Sends the state of marked pages. Each delivery reads its page afresh, so a retry never tells an old state."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from listen_to_the_article import line, setting
from listen_to_the_article.models import PendingPage, ToldPage
from listen_to_the_article.state import PageState, state_of

WAITS_S = (5, 15, 60, 120, 300)
"""After the first, second, … failure; the last one from then on, without end."""
CLAIMED_S = 60
"""Another process leaves a page alone for so long once one has begun with it."""
MOST_AT_ONCE = 5_000
BUDGET_S = 25.0
"""How long a thread, a task or an ending command goes on; the rest is left to `listen_deliver`."""


@dataclass(slots=True)
class Report:
    """What a round of deliveries did."""

    told: dict[str, int] = field(default_factory=dict)
    """How many pages were told, by kind."""
    failed: int = 0
    waiting: int = 0
    errors: list[str] = field(default_factory=list)

    def sentence(self) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.told.items()))
        told = f"{sum(self.told.values())} told{f' ({kinds})' if kinds else ''}"
        return f"{told}, {self.failed} failed, {self.waiting} waiting"


def deliver_due(*, until: float) -> Report:
    """Send what is due until nothing is, or the monotonic clock shows `until`, or the service can't be reached."""
    report = Report()
    if setting.is_complete():
        for page_id in _due():
            if time.monotonic() >= until or not _deliver(page_id, report, until):
                break
    report.waiting = PendingPage.objects.count()
    return report


def _due() -> list[int]:
    """Pages that may be closed or gone come first."""
    due = PendingPage.objects.filter(due_at__lte=timezone.now()).order_by("-closes", "due_at")
    return list(due.values_list("page_id", flat=True)[:MOST_AT_ONCE])


def _deliver(page_id: int, report: Report, until: float) -> bool:
    """Send one page's state. False: there is no use in going on with the others now."""
    now = timezone.now()
    claim = PendingPage.objects.filter(page_id=page_id, due_at__lte=now)
    claimed = claim.update(due_at=now + timedelta(seconds=CLAIMED_S), attempts=F("attempts") + 1, last_attempt_at=now)
    row = PendingPage.objects.filter(page_id=page_id).first() if claimed else None
    if row is None:
        return True
    try:
        state = state_of(page_id)
        answer = _send(page_id, state, until) if state else line.Answer(200)
    except Exception as error:  # noqa: BLE001 - one page must not stop the others
        answer = line.Answer(422, error=f"{type(error).__name__}: {error}")
        reason = f"The text cannot be rendered: {answer.error}"[:1000]
    else:
        reason = answer.reason()
    if answer.accepted:
        if state:
            _remember(page_id, state)
            report.told[state.kind] = report.told.get(state.kind, 0) + 1
        if not PendingPage.objects.filter(page_id=page_id, mark=row.mark).delete()[0]:
            PendingPage.objects.filter(page_id=page_id).update(last_error="")
        if row.last_error:
            _others_at_once()
        return True
    report.failed += 1
    report.errors.append(f"page {page_id}: {reason}")
    wait = timedelta(seconds=WAITS_S[min(row.attempts, len(WAITS_S)) - 1])
    pending = PendingPage.objects.filter(page_id=page_id)
    pending.update(last_error=reason)
    pending.filter(mark=row.mark).update(due_at=timezone.now() + wait)
    return answer.blames_the_body


def _send(page_id: int, state: PageState, until: float) -> line.Answer:
    told, _ = ToldPage.objects.get_or_create(page_id=page_id)
    body = state.message(told_before=told.kind == "published")
    # From here until the answer, what the service holds is unknown: a delivery can arrive whose answer gets lost.
    ToldPage.objects.filter(page_id=page_id).update(fingerprint="")
    headers = line.signed_headers(setting.text("LISTEN_SECRET"), f"msg_{secrets.token_hex(16)}", body, int(time.time()))
    timeout_s = max(0.5, min(line.POST_TIMEOUT_S, until - time.monotonic()))
    return line.request(setting.address(), headers=headers, body=body, timeout_s=timeout_s)


def _remember(page_id: int, state: PageState) -> None:
    """Of two deliveries at once the later reading counts, as it does in the service."""
    told = ToldPage.objects.filter(page_id=page_id).exclude(as_of__gt=state.as_of)
    told.update(
        kind=state.kind,
        visibility=state.visibility,
        fingerprint=state.fingerprint(),
        as_of=state.as_of,
        checked_at=timezone.now(),
    )


def _others_at_once() -> None:
    """The service takes deliveries again: nobody waits any longer because of a failure before."""
    now: datetime = timezone.now()
    waiting = PendingPage.objects.filter(due_at__gt=now).exclude(last_error="")
    waiting.filter(last_attempt_at__lt=now - timedelta(seconds=WAITS_S[0])).update(due_at=now)
