"""What a visit of each page and route costs, in CPU time of the process that answers."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import select

from tests.measure.years.copies import GAZETTE
from tests.parts.staff import BASE, signed
from tts_service.access.keys import create_key
from tts_service.db.tables import ArticleRow, CaseRow, ClipRow
from tts_service.db.tables.listeners import OPEN
from tts_service.jobs.control import cancel
from tts_service.parts import Parts
from tts_service.web.app import create_app

_WARM, _TIMES = 2, 9
_SITE = "visits"
_LOOP = 300_000


def visit_ms(parts: Parts) -> dict[str, float]:
    """Median CPU milliseconds by what is visited; `plain loop`: of work that is always the same, to tell a busy machine
    from slower pages."""
    key = create_key(parts.database, "visits", ("jobs:write", "jobs:read"))
    staff, keyed = signed(parts).headers, {"Authorization": f"Bearer {key}"}
    with parts.database.reading() as session:
        newest = select(ClipRow.id, ArticleRow.external_id).join(ArticleRow).where(ArticleRow.site == GAZETTE)
        clip = session.execute(newest.where(ClipRow.state == "ready").order_by(ClipRow.id.desc()).limit(1)).one()
        mine = select(CaseRow.id).where(CaseRow.state.in_(OPEN)).order_by(CaseRow.id.desc()).limit(1)
        case = session.scalars(mine).one()
    jobs: list[str] = []
    with TestClient(create_app(parts), base_url=BASE) as client:

        def get(path: str, headers: dict[str, str] | None = None) -> Callable[[int], Any]:
            return lambda _: client.get(path, headers=headers).raise_for_status()

        def post(number: int) -> None:
            article = {"site": _SITE, "id": str(number), "language": "en", "text": f"Visit {number} of {clip.id}."}
            answer = client.post("/v1/jobs", json={"article": article, "voice": "tone:beep"}, headers=keyed)
            jobs.append(answer.raise_for_status().json()["id"])

        visits: dict[str, Callable[[int], Any]] = {
            "list of articles": get("/staff/articles", staff),
            "queue of the desk": get("/staff", staff),
            "a case": get(f"/staff/cases/{case}", staff),
            "GET a clip": get(f"/v1/clips?site={GAZETTE}&article={clip.external_id}"),
            "the feed": get(f"/feeds/{GAZETTE}.rss"),
            "POST a job": post,
            "plain loop": lambda _: sum(range(_LOOP)),
        }
        found = {name: _median_ms(visit) for name, visit in visits.items()}
    for job in jobs:
        cancel(parts, job)
    return found


def _median_ms(visit: Callable[[int], Any]) -> float:
    took = []
    for number in range(_WARM + _TIMES):
        began = time.process_time()
        visit(number)
        took.append(1000 * (time.process_time() - began))
    return statistics.median(took[_WARM:])
