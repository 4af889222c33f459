"""What pages tell people: in their language, without patterns; forms count as browsers do; regions have names."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

from fastapi.testclient import TestClient
from httpx import Response

from tests.parts.prefix_world import fill
from tests.parts.staff import BASE, STAFF_PAGES, signed
from tests.parts.web_rows import clip_token, ready_clip
from tests.web.test_jobs import is_problem
from tts_service.db.tables import ArticleRow
from tts_service.listeners.reports import MAX_COMMENT
from tts_service.parts import Parts
from tts_service.web.app import create_app
from tts_service.web.languages import catalogue
from tts_service.web.pages.feedback import COMPLAINTS

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
ENGLISH = re.compile(r"\b(should|must|String|Input|pattern|characters|valid|Write|the)\b")
PATTERN = re.compile(r"\[\^|\\[sdx]|\^\[|\)\?|\{\d+,")
"""What only a regular expression has."""
WRONG = {
    "email": ("a b@c", "ohne-at", "x@y z", "a" * 300 + "@example.org"),
    "position": ("nirgends", "1:99:99"),
    "comment": ("a" * (MAX_COMMENT + 1),),
    "category": ("", "quatsch"),
    "sent_key": ("kurz", "<" * 20),
    "revision": ("x", "0"),
    "player": ("<script>",),
}


def sent(client: TestClient, **fields: str) -> str:
    """The page that answers a form."""
    whole = {"clip": "clip_1", "category": "other", "clip_token": clip_token(client)} | fields
    answer = client.post("/v1/feedback", data=whole, headers=FORM)
    assert answer.status_code == 422, answer.text
    return answer.text


def test_a_german_form_complains_in_german_and_without_patterns(client: TestClient, parts: Parts) -> None:
    ready_clip(parts, language="de")
    words = catalogue("de")
    known = [words.gettext(text).format(most=MAX_COMMENT) for text in COMPLAINTS.values()]
    for field, value in ((field, value) for field, values in WRONG.items() for value in values):
        said = re.search(r'id="complaint">(.*?)</p>', sent(client, **{field: value}), re.DOTALL)
        assert said is not None, field
        assert said[1].removeprefix(words.gettext("Please check:")).strip() in known, field
        assert not ENGLISH.search(said[1]), field
        assert not PATTERN.search(said[1]), field


def test_the_field_at_fault_is_marked(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    text = sent(client, email="a b@c")
    assert re.search(r'<input id="email"[^>]*aria-invalid="true" aria-describedby="complaint email-kept"', text)
    assert COMPLAINTS["email"] in text


def test_an_error_page_is_in_the_browsers_language_alone(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    with parts.database.writing() as session:
        session.get_one(ArticleRow, "art_1").visibility = "members"
    for path in ("/feedback?clip=", "/listen/clip_1?grant=x", "/feedback/none", "/about/none"):
        answer = client.get(path, headers={"Accept": "text/html", "Accept-Language": "de"})
        assert answer.status_code >= 400
        assert '<html lang="de">' in answer.text
        assert 'lang="en"' not in answer.text
        assert not ENGLISH.search(re.sub(r"<[^>]*>", " ", answer.text)), path


def test_an_error_page_is_in_the_language_its_address_names(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    with parts.database.writing() as session:
        session.get_one(ArticleRow, "art_1").visibility = "members"
    pages = (
        "/listen/clip_nope?",
        "/embed/none?",
        "/about/none?",
        "/feedback?clip=x&",
        "/feedback/R-XXXX-XXXX?",
        "/listen/clip_1?",
        "/listen/%00?",
        "/feedback/a/b?",
    )
    for path in pages:
        for lang, accepted, wanted in (("de", "en", "de"), ("fr-CA", "de", "fr"), ("xx", "de", "de"), ("", "", "en")):
            answer = client.get(f"{path}lang={lang}", headers={"Accept": "text/html", "Accept-Language": accepted})
            assert answer.status_code >= 400, path
            assert f'<html lang="{wanted}">' in answer.text, (path, lang, accepted)


def form_errors(client: TestClient, parts: Parts) -> dict[str, Response]:
    """What may go wrong with a form that was opened in German, on its way."""
    ready_clip(parts, language="de")
    action = re.search(r'action="([^"]+)"', client.get("/feedback?clip=clip_1").text)
    assert action is not None
    token = clip_token(client)

    def post(content: bytes, kind: str = FORM["Content-Type"]) -> Response:
        return client.post(action[1], content=content, headers=FORM | {"Content-Type": kind})

    fields = f"category=other&clip_token={token}"
    found = {
        "unknown clip": post(f"{fields}&clip=clip_nope".encode()),
        "ISO-8859-1": post(f"{fields}&clip=clip_1&comment=%FC".encode()),
        "too long": post(b"comment=" + b"a" * 70_000),
        "another form": post(b"--x--", "multipart/form-data; boundary=x"),
    }
    with parts.database.writing() as session:
        session.get_one(ArticleRow, "art_1").withdrawn_ms = 1
    return found | {"withdrawn": post(f"{fields}&clip=clip_1".encode())}


def test_a_form_is_answered_by_pages_in_its_language(client: TestClient, parts: Parts) -> None:
    found = form_errors(client, parts)
    assert {name: answer.status_code for name, answer in found.items()} == {
        "unknown clip": 404,
        "ISO-8859-1": 400,
        "too long": 413,
        "another form": 415,
        "withdrawn": 404,
    }
    for name, answer in found.items():
        assert answer.headers["content-type"].startswith("text/html"), name
        assert '<html lang="de">' in answer.text, name
        assert not ENGLISH.search(re.sub(r"<[^>]*>", " ", answer.text)), name
    assert found["too long"].headers["connection"] == "close"
    assert "Diese Audioversion wurde zurückgezogen" in found["withdrawn"].text


def test_who_sends_forms_too_often_is_told_so_on_a_page(parts: Parts) -> None:
    few = replace(parts, settings=parts.settings.model_copy(update={"rate_public": "1/hour"}))
    with TestClient(create_app(few), base_url=BASE) as client:
        answers = [client.post("/v1/feedback?lang=de", data={}, headers=FORM) for _ in range(2)]
    assert answers[1].status_code == 429
    assert "Zu viele Anfragen" in answers[1].text
    assert {"retry-after", "ratelimit"} <= set(answers[1].headers)


def test_programs_get_problems_at_the_forms_door(client: TestClient) -> None:
    body = {"clip": "clip_nope", "category": "other"}
    is_problem(client.post("/v1/feedback?lang=de", json=body, headers={"Accept": "*/*"}), 404, "not_found")


def test_a_wrong_parameter_of_a_page_is_a_page(client: TestClient, parts: Parts) -> None:
    headers = signed(parts).headers | {"Accept": "text/html"}
    answer = client.get("/staff/checks?back=-1", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "text/html; charset=utf-8")


def test_programs_are_told_no_patterns_either(client: TestClient, parts: Parts) -> None:
    ready_clip(parts)
    body = {"clip": "clip_1", "category": "other", "email": "a b@c", "clip_token": clip_token(client)}
    problem = is_problem(client.post("/v1/feedback", json=body), 422, "invalid_request")
    assert problem["errors"][0]["field"] == "email"
    assert not PATTERN.search(str(problem))


# --- line breaks ---


def test_a_line_break_counts_once_in_a_form(client: TestClient, parts: Parts) -> None:
    """Browsers send CR LF for it, and have counted it once against the field's maximal length."""
    ready_clip(parts)
    lines = "\n".join("x" * 9 for _ in range(MAX_COMMENT // 10)) + "y"
    assert len(lines) == MAX_COMMENT
    fields = {"clip": "clip_1", "category": "other", "clip_token": clip_token(client)}
    answer = client.post("/v1/feedback", data=fields | {"comment": lines.replace("\n", "\r\n")}, headers=FORM)
    assert answer.status_code == 303, answer.text
    assert sent(client, comment=lines.replace("\n", "\r\n") + "z")


def test_a_line_break_counts_once_in_the_staffs_forms(client: TestClient, parts: Parts) -> None:
    known = fill(parts)
    staff = signed(parts)
    note = "\n".join("x" * 9 for _ in range(MAX_COMMENT // 10)) + "y"
    fields = {"form_token": staff.token, "do": "reject", "version": "1", "reason": note.replace("\n", "\r\n")}
    answer = client.post(f"/staff/cases/{known['case']}/decide", data=fields, headers=staff.headers)
    assert answer.status_code == 303, answer.text


# --- regions ---


class _Regions(HTMLParser):
    """Names of a page's regions, and regions within one of the same name."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.nested: list[str] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("br", "input", "link", "meta", "img", "source", "track", "hr", "audio"):
            return
        name = given.get("aria-label") or given.get("aria-labelledby") or ""
        region = given.get("role") == "region" or (tag == "section" and bool(name))
        if region:
            self.names.append(name)
            self.nested += [name for _, around in self._open if around == name]
        self._open.append((tag, name if region else ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass


def test_every_region_has_a_name_of_its_own(client: TestClient, parts: Parts) -> None:
    known = fill(parts)
    staff = signed(parts)
    reader = (
        "/listen/clip_1",
        "/embed/clip_1",
        "/about/clip_1",
        "/feedback?clip=clip_1",
        f"/feedback/{known['reference']}",
    )
    desk = (*STAFF_PAGES, f"/staff/callbacks/{known['delivery']}")
    found = 0
    for path in (*reader, *desk):
        answer = client.get(path, headers=staff.headers)
        assert answer.status_code == 200, path
        regions = _Regions()
        regions.feed(answer.text)
        found += len(regions.names)
        assert "" not in regions.names, path
        assert regions.nested == [], path
        assert [name for name, count in Counter(regions.names).items() if count > 1] == [], path
    assert found > 15
