"""Running: what is down, what waits, what is being made, what failed, and what is kept. Renewed while it is open."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from tts_service.access.tokens import form_token
from tts_service.db.counting import MOST_COUNTED
from tts_service.jobs.current_jobs import MOST_LISTED
from tts_service.monitoring.running import FAILED_DAYS, running_now
from tts_service.web.given import GivenParts
from tts_service.web.languages import language_accepted
from tts_service.web.pages.templating import page
from tts_service.web.staff.session import SignedIn

router = APIRouter(prefix="/staff", include_in_schema=False)


@router.get("/running")
def show_what_runs(request: Request, person: SignedIn, parts: GivenParts) -> Response:
    """The service now; for editors, the part of their sites."""
    values = {
        "person": person,
        "form_token": form_token(person.token),
        "now": running_now(parts, request.app.state.parts_check, person.sites),
        "failed_days": FAILED_DAYS,
        "most_counted": MOST_COUNTED,
        "most_listed": MOST_LISTED,
    }
    return page(request, "staff_running.html", values, language=language_accepted(request))
