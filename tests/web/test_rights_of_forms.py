"""What a form names beside its address is checked too: an editor's right is to their sites, whatever a form says.

tests/measure/doors/authorisation.py asks each route for another site's thing by its address; these ask by a field.
"""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from tests.parts.staff import Signed, signed
from tests.parts.web_rows import ready_clip
from tts_service.access.staff import add_person
from tts_service.corrections.cases.gathering import gather
from tts_service.db.tables import ArticleRow, ClipRevisionRow, JobRow, LexiconEntryRow
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.parts import Parts


@pytest.fixture
def editor(parts: Parts) -> Signed:
    """Of the gazette; there are clips of the herald too."""
    for name, site in (("1", "gazette"), ("2", "herald")):
        ready_clip(parts, name=name, site=site)
    with parts.database.writing() as session:
        session.get_one(ArticleRow, "art_2").title = "The herald's secret"
    return signed(parts, "editor@example.org", "staff", ["gazette"])


def post(client: TestClient, path: str, who: Signed, **form: str) -> Any:
    return client.post(path, data={"form_token": who.token} | form, headers=who.headers | {"Accept": "text/html"})


def case_of(parts: Parts, clip: str) -> str:
    return gather(parts, receive(parts, ReportDraft(clip_id=clip, category="pronunciation", token=1)))


def test_another_sites_clip_is_not_released_through_ones_own_article(
    client: TestClient, parts: Parts, editor: Signed
) -> None:
    made = ready_clip(parts, name="3", site="herald")
    made.hold()
    post(client, "/staff/articles/art_1", editor, do="release", clip=made.id)
    with parts.database.reading() as session:
        assert session.get_one(ClipRevisionRow, (made.id, 1)).state == "held"


def test_what_would_change_on_all_sites_is_not_told_to_an_editor_of_one(
    client: TestClient, parts: Parts, editor: Signed
) -> None:
    case = case_of(parts, "clip_1")
    form = {"written": "bridge", "way": "alias", "alias": "brigg", "language": "en", "version": "1"}
    for step in ("impact", "accept"):
        shown = post(client, f"/staff/cases/{case}/try", editor, step=step, scope="global", **form)
        assert shown.status_code == 403
    own = post(client, f"/staff/cases/{case}/try", editor, step="impact", scope="site", **form)
    assert own.status_code == 200
    everywhere = post(client, f"/staff/cases/{case}/try", signed(parts), step="impact", scope="global", **form)
    assert everywhere.status_code == 200
    with parts.database.reading() as session:
        assert session.scalars(select(LexiconEntryRow)).all() == []


def test_another_sites_sentence_is_not_heard_in_ones_own_case(client: TestClient, parts: Parts, editor: Signed) -> None:
    case = case_of(parts, "clip_1")
    form = {"written": "bridge", "way": "alias", "alias": "brigg", "language": "en", "version": "1", "scope": "site"}
    got = post(client, f"/staff/cases/{case}/try", editor, step="impact", **form, **{"try": "clip_2~1~0"})
    assert got.status_code == 403


def test_another_sites_case_is_no_duplicate_of_ones_own(client: TestClient, parts: Parts, editor: Signed) -> None:
    ours, theirs = case_of(parts, "clip_1"), case_of(parts, "clip_2")
    got = post(client, f"/staff/cases/{ours}/decide", editor, do="duplicate", other=theirs, version="1")
    assert got.status_code == 403
    form = {f"case-{ours}": "1", f"case-{theirs}": "1"}
    assert post(client, "/staff/cases", editor, do="confirm", **form).status_code == 403
    for path, body in (
        (f"{ours}/merge", {"version": 1, "cases": [{"id": theirs, "version": 1}]}),
        ("decide", {"state": "confirmed", "cases": [{"id": theirs, "version": 1}]}),
    ):
        got = client.post(f"/staff/v1/cases/{path}", json=body, headers=editor.changing)
        assert got.status_code == 404 or [one["error"] for one in got.json()["cases"]] == ["not_found"]


def test_another_sites_job_is_not_retried(client: TestClient, parts: Parts, editor: Signed) -> None:
    ready_clip(parts, name="3", site="herald").fail()
    assert post(client, "/staff/articles/retry", editor, job="job_3").status_code == 403
    with parts.database.reading() as session:
        assert len(session.scalars(select(JobRow)).all()) == 3


def test_text_is_not_entered_for_another_site(client: TestClient, parts: Parts, editor: Signed) -> None:
    for site in ("herald", "pasted"):
        assert post(client, "/staff/articles/new", editor, text="Two herons.", site=site).status_code == 403


def test_an_editor_makes_nobody_an_admin(client: TestClient, parts: Parts, editor: Signed) -> None:
    row = add_person(parts.database, "ben@example.org", "staff", "test", ["gazette"])
    for do in ("admin", "sites", "invite", "shut-out"):
        assert post(client, f"/staff/people/{row.id}", editor, do=do, sites="").status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/staff/articles",
        "/staff",
        "/staff/lexicon",
        "/staff/sites",
        "/staff/corrections",
        "/staff/overview",
        "/staff/checks",
    ],
)
def test_lists_name_nothing_of_another_site(client: TestClient, parts: Parts, editor: Signed, path: str) -> None:
    case_of(parts, "clip_2")
    for query in ("", "?site=herald", "?q=secret"):
        shown = client.get(path + query, headers=editor.headers)
        assert shown.status_code in (200, 403)
        assert "secret" not in shown.text.replace("q=secret", "").replace('value="secret"', "")
