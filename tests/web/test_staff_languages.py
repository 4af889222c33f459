"""The staff's pages in each language: each page, each form's complaint, each refusal; no English among the others."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import tts_service
from tests.parts.prefix_world import fill
from tests.parts.staff import BASE, PASSWORD, STAFF_PAGES, Signed, signed, signed_with_password
from tests.web.test_catalogues import CATALOGUES
from tts_service.access.sessions import make_link
from tts_service.access.staff import add_person
from tts_service.parts import Parts
from tts_service.web.languages import catalogue, page_languages
from tts_service.web.pages.errors import refusal
from tts_service.web.pages.refusals import REFUSALS, translated

ROOT = Path(tts_service.__file__).parent
OWN = {"Origin": BASE, "Accept": "text/html"}
ENGLISH = re.compile(
    r"\b(the|is|was|are|you|your|this|here|with|of|and|by|since|made|sign|who|what|last|state)\b", re.I
)
RAISED = (
    "access/oidc.py",
    "access/passwords.py",
    "access/sessions.py",
    "access/staff.py",
    "cms/inbox/staff.py",
    "cms/sources/json_body.py",
    "cms/sources/signatures.py",
    "cms/sources/ghost.py",
    "cms/sources/sanity.py",
    "cms/sources/contentful.py",
    "corrections/figures/summary.py",
    "web/staff/people/account.py",
    "web/staff/people/elsewhere.py",
    "web/staff/people/accounts.py",
    "web/staff/desk/case.py",
    "web/staff/desk/case_view.py",
    "web/staff/desk/corrections.py",
    "web/staff/desk/queue.py",
    "web/staff/desk/draft.py",
    "web/staff/desk/sound.py",
    "web/staff/desk/trying.py",
    "corrections/accept.py",
    "corrections/cases/decisions.py",
    "corrections/cases/regrouping.py",
    "corrections/cases/settling.py",
    "corrections/cases/state.py",
    "corrections/cases/undoing.py",
    "corrections/impact/proposal.py",
    "corrections/taking_back.py",
    "corrections/trials/trial.py",
    "engines/pronunciation/ipa_check.py",
    "newsroom/lexicon.py",
    "speakable/lexeme.py",
    "web/staff/session.py",
    "web/staff/people/sign_in.py",
    "web/forms.py",
    "cms/checks/staff.py",
    "cms/checks/rounds.py",
)
"""Files whose refusals staff meet on a page."""
NOT_MET = {
    "Sign in at {}; `tts-service staff link` prints a link that works once.": "the page leads to the form instead",
    "A Standard Webhooks secret is whsec_ followed by base64.": "of `hooks add`",
    "A Standard Webhooks secret is whsec_ followed by 24 to 64 bytes in base64.": "of `hooks add`",
}


@pytest.fixture
def anna(parts: Parts) -> Signed:
    return signed_with_password(parts)


class _Text(HTMLParser):
    """What a page says, less what is marked as another language, as code or as somebody's own words."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.lang = ""
        self._left: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.lang = given.get("lang") or ""
        self.said += [text for name in ("aria-label", "placeholder") if (text := given.get(name))]
        if tag not in ("br", "input", "link", "meta"):
            foreign = given.get("lang") not in (None, self.lang)
            self._left.append(foreign or tag in ("code", "pre", "blockquote", "audio") or any(self._left))

    def handle_endtag(self, tag: str) -> None:
        self._left.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(self._left):
            self.said.append(data.strip())


def read(text: str) -> _Text:
    found = _Text()
    found.feed(text)
    return found


def in_german(headers: dict[str, str]) -> dict[str, str]:
    return headers | {"Accept": "text/html", "Accept-Language": "de-AT, en;q=0.5"}


# --- words ---


def raised(path: Path) -> set[str]:
    """Messages of the errors that a file raises; what a message names is {}."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
            continue
        if node.func.id not in (
            "InputRefused",
            "SignInRefused",
            "NotFound",
            "NotAllowed",
            "Conflict",
            "SignInNeeded",
            "WebhookRefused",
            "BodyUnreadable",
        ):
            continue
        match node.args[0]:
            case ast.Constant(value=str() as text):
                found.add(text)
            case ast.JoinedStr(values=values):
                found.add("".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in values))
    return found


@pytest.mark.parametrize("file", RAISED)
def test_every_refusal_that_staff_meet_is_translated(file: str) -> None:
    met = raised(ROOT / file) - set(NOT_MET)
    said = {text: text.replace("{}", "x7") for text in met}
    assert [text for text, example in said.items() if translated(example, catalogue("de")) is None] == []


def test_what_a_refusal_names_stays() -> None:
    german = catalogue("de")
    assert refusal("There is already an account called eve@x.org.", german) == "Ein Konto eve@x.org gibt es schon."
    assert translated("webhook_refused: the signature is wrong", german) == "webhook_refused: die Signatur stimmt nicht"
    assert translated("HTTP 500", german) is None
    assert "must" not in refusal("Something must be otherwise.", german)


# --- pages ---


@pytest.mark.slow
@pytest.mark.parametrize("lang", page_languages()[1:])
def test_every_page_is_in_the_browsers_language(client: TestClient, parts: Parts, anna: Signed, lang: str) -> None:
    known = fill(parts)
    invited = add_person(parts.database, "ben@example.org", "staff", "test")
    token = make_link(parts.database, invited.id, "invitation", "test")
    headers = {**anna.headers, "Accept": "text/html", "Accept-Language": lang}
    messages = [message for message in CATALOGUES[lang] if isinstance(message.id, str)]
    english, same = {message.id for message in messages}, {message.string for message in messages}
    for path in (
        *STAFF_PAGES,
        f"/staff/callbacks/{known['delivery']}",
        "/staff/sign-in",
        "/staff/sign-in?token=x",
        f"/staff/invitation?token={token}",
    ):
        answer = client.get(path, headers=headers)
        assert answer.status_code == 200, path
        page = read(answer.text)
        assert page.lang == lang, path
        assert len(page.said) > 3, path
        assert [text for text in page.said if text in english - same] == [], path
        if lang == "de":
            assert [text for text in page.said if ENGLISH.search(text) and "was" not in text.lower()] == [], path


def test_forms_complain_in_the_pages_language(client: TestClient, parts: Parts, anna: Signed) -> None:
    said = {}
    here = in_german(anna.headers)
    nobody = in_german(OWN)

    def post(path: str, headers: dict[str, str], **form: str) -> None:
        answer = client.post(path, data=form, headers=headers)
        found = re.search(r'role="alert" id="complaint"[^>]*>(?:<div>)?(?:<[as][^>]*>)?(.*?)</', answer.text)
        assert '<html lang="de">' in answer.text
        assert found, answer.text
        said[path, str(form)] = found[1]

    own = {"form_token": anna.token}
    post("/staff/sign-in", nobody, name="nobody", password="wrong")
    post("/staff/sign-in", nobody, token="used")
    post("/staff/account/password", here, present="wrong", password="eight white swans", **own)
    post("/staff/account/password", here, present=PASSWORD, password="short", **own)
    post("/staff/account/password", here, present=PASSWORD, password="aaaaaaaaaaaaa", **own)
    post("/staff/people", here, name="a b", role="staff", reach="all", **own)
    post("/staff/people", here, name="eve@x.org", role="god", reach="all", **own)
    post("/staff/people", here, name=anna.person.name, role="staff", reach="all", **own)
    post(f"/staff/people/{anna.person.id}", here, do="shut-out", **own)
    german = {".+".join(map(re.escape, re.split(r"\{\w+\}", text))) for text in map(catalogue("de").gettext, REFUSALS)}
    for where, text in said.items():
        assert any(re.fullmatch(one, text) for one in german), (where, text)


@pytest.mark.parametrize(
    ("path", "status", "title", "detail"),
    [
        ("/staff/invitation?token=x", 401, "Sie sind nicht angemeldet", "Diese Einladung wurde schon benutzt"),
        ("/staff/elsewhere", 404, "Unter dieser Adresse gibt es nichts", "Single Sign-on ist nicht eingerichtet"),
        ("/staff/events/none", 404, "Unter dieser Adresse gibt es nichts", "Einen Webhook none gibt es nicht."),
        ("/staff/nope", 404, "Unter dieser Adresse gibt es nichts", "Unter /staff/nope gibt es nichts."),
        ("/staff?site=" + "x" * 65, 422, "Diese Anfrage lässt sich nicht bearbeiten", "Etwas in der Adresse"),
    ],
)
def test_error_pages_are_in_the_pages_language(
    client: TestClient, anna: Signed, path: str, status: int, title: str, detail: str
) -> None:
    answer = client.get(path, headers=in_german(anna.headers))
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in answer.text
    assert detail in answer.text
    assert '<html lang="de">' in answer.text


def test_who_may_not_is_told_so(client: TestClient, parts: Parts) -> None:
    ben = signed(parts, "ben@example.org", "staff")
    answer = client.get("/staff/people", headers=in_german(ben.headers))
    assert answer.status_code == 403
    assert "<h1>Das dürfen Sie nicht</h1>" in answer.text
    assert "Das können nur Administratoren." in answer.text
