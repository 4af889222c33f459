"""A service below a path of its public URL, with something of everything in it, and two kinds of proxies before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

import httpx
from fastapi.testclient import TestClient

from tests.parts.prefix_crawl import Ask, Crawl, example_of
from tests.parts.staff import signed
from tests.parts.staff_rows import delivery, kept_event
from tests.parts.web_rows import clip_token, ready_clip, rendering_clip
from tts_service.access.keys import SCOPES, create_key
from tts_service.access.sessions import make_link
from tts_service.access.staff import add_person
from tts_service.cms.inbox.addresses import add_hook
from tts_service.corrections.cases.gathering import gather
from tts_service.db.tables import ArticleRevisionRow, ClipRevisionRow, DeliveryRow
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.newsroom.lexicon import add
from tts_service.newsroom.lexicon_place import Place
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme, Scope

PUBLIC = "https://news.example/audio"
INSIDE = "http://127.0.0.1:8000"
"""Where the proxy reaches the service."""
Proxy = Literal["strips", "keeps"]
"""What a proxy does with the public URL's own path before it hands a request on."""


PAGES = (
    "/",
    "/listen/clip_1",
    "/listen/clip_2",
    "/embed/clip_1",
    "/about/clip_1",
    "/feedback?clip=clip_1",
    "/listen/none",
    "/staff",
    "/staff/elsewhere/back",
    "/player.js",
    "/player-report.js",
    "/player-texts.json",
    "/feeds.opml",
    "/feeds/gazette.opml",
    "/feeds/gazette.rss",
    "/feeds/gazette/section/Harbour.rss",
    "/feeds/gazette/tag/sea.rss",
)
"""Where readers begin."""


def through(client: TestClient, proxy: Proxy, public: str = PUBLIC) -> Ask:
    """Requests as they arrive through a proxy: the service is told its inner host, and another path or the same."""
    prefix = urlsplit(public).path

    def ask(
        method: str, address: str, headers: Mapping[str, str] | None = None, content: bytes | None = None
    ) -> httpx.Response:
        split = urlsplit(address)
        path = split.path.removeprefix(prefix) or "/" if proxy == "strips" else split.path
        target = path + (f"?{split.query}" if split.query else "")
        return client.request(method, target, headers=dict(headers or {}), content=content, follow_redirects=False)

    return ask


def fill(parts: Parts) -> dict[str, str]:
    """Put something of everything there; what is there, by the parameter that names it."""
    ready_clip(parts)
    with parts.database.writing() as session:
        heading = session.get_one(ArticleRevisionRow, "rev_1")
        heading.section, heading.tags = "Harbour", ["sea"]
        row = session.get_one(ClipRevisionRow, ("clip_1", 1))
        row.renditions = [row.renditions[0] | {"manifest": True}]  # type: ignore[index]
    parts.store.put("clips/clip_1/1/audio.mp3.c2pa", b"manifest")
    made = rendering_clip(parts, name="2")
    for position in range(len(made.sentences)):
        made.speak(position)
    made.end()  # all of it is there, so that a listener's stream ends
    hook = add_hook(parts.database, "ghost", "gazette")
    kept_event(
        parts,
        "failed",
        state="failed",
        reason="A fault",
        hook_id=hook.id,
        path=f"{urlsplit(parts.settings.base_url).path}/v1/webhooks/ghost/{hook.id}",
    )
    sent = delivery(parts)
    with parts.database.reading() as session:
        endpoint = session.get_one(DeliveryRow, sent).endpoint_id
    word = Lexeme(graphemes=("Elmsworth",), language="en", alias="Elms worth")
    entry = add(parts.database, parts.voices, Place(scope=Scope.SITE, site="gazette"), word, author="test").row.id
    reference = receive(parts, ReportDraft(clip_id="clip_1", category="other"))
    return {
        "clip_id": "clip_1",
        "job_id": "job_2",
        "reference": reference,
        "case": gather(parts, reference),
        "hook": hook.id,
        "source": "ghost",
        "delivery": sent,
        "endpoint": endpoint,
        "entry_id": entry,
        "site": "gazette",
        "external_id": "1",
        "article": "1",
        "revision": "1",
        "audio_format": "mp3",
        "name": "Harbour",
        "days": "30",
        "segment": "0" * 64,
        "for_s": "0",  # a stream of events ends at once
    }


def crawl(parts: Parts, client: TestClient, proxy: Proxy, *, whole: bool = True) -> Crawl:
    """Everything the service gives away, to readers, to a CMS and to staff; not whole: the pages and their forms."""
    known = fill(parts)
    public = parts.settings.base_url
    found = Crawl(public, through(client, proxy, public), inside=(INSIDE, "http://testserver"))
    key = {"Authorization": f"Bearer {create_key(parts.database, 'crawl', SCOPES)}"}
    staff = signed(parts)
    cookie = {"Cookie": staff.headers["Cookie"]}

    found.pages([*PAGES, f"/feedback/{known['reference']}"])
    invited = add_person(parts.database, "new@example.org", "staff", "test")
    token = make_link(parts.database, invited.id, "invitation", "test")
    found.pages(
        [
            "/staff",
            f"/staff/hear/{known['clip_id']}",
            "/staff/events/evt_failed",
            f"/staff/callbacks/{known['delivery']}",
            "/staff/listening/clip_1?days=30",
            f"/staff/invitation?token={token}",
        ],
        cookie,
    )
    _forms(found, parts, client, known)
    if not whole:
        return found
    document = client.app.openapi()  # type: ignore[attr-defined]
    found.send("GET", f"{public}/oembed?url={public}/listen/clip_1")
    found.send("GET", f"{public}/v1/clips/clip_2/audio.mp3")
    found.send("GET", f"{public}/v1/clips/clip_2/audio.opus")
    found.send("GET", f"{public}/v1/clips/clip_2/live.mp3", {"Range": "bytes=1-5"})
    found.send("POST", f"{public}/v1/jobs/", key, example_of(document["paths"]["/v1/jobs"]["post"]))
    found.operations(document, known, key)
    return found


def _forms(found: Crawl, parts: Parts, client: TestClient, known: Mapping[str, str]) -> None:
    """Each form of the pages, sent as a browser sends it."""
    public = parts.settings.base_url
    staff = signed(parts)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    token = clip_token(client, "clip_1")
    link = make_link(parts.database, staff.person.id, "sign-in", "test")
    own = staff.headers | form

    def send(path: str, headers: Mapping[str, str], **fields: str) -> httpx.Response:
        answer = found.ask("POST", public + path, headers=headers, content=str(httpx.QueryParams(fields)).encode())
        found.look(f"POST {path}", public + path, answer)
        return answer

    send("/v1/feedback", form, clip="clip_1", category="other", clip_token=token)
    send("/v1/feedback", form, clip="clip_1", category="other", clip_token=token, position="nowhere")
    send("/staff/sign-in", form | {"Origin": staff.headers["Origin"]}, token=link)
    send("/staff/sign-in", form | {"Origin": staff.headers["Origin"]}, name="nobody", password="wrong")
    for path, fields in {
        f"/staff/cases/{known['case']}/decide": {"do": "confirm", "version": "1"},
        "/staff/cases": {"do": "reject", "reason": "as written", f"case-{known['case']}": "2"},
        "/staff/people": {"name": "ines@example.org", "role": "staff", "reach": "all"},
        "/staff/events/evt_failed/replay": {},
        f"/staff/callbacks/{known['delivery']}/replay": {},
        "/staff/checks/back": {"site": "gazette"},
        "/staff/checks/start": {"site": "gazette"},
        "/staff/account/password": {"password": "nine blue herons at noon"},
        "/staff/account/sign-out-elsewhere": {},
    }.items():
        send(path, own, form_token=staff.token, **fields)
    leaving = signed(parts)
    send("/staff/sign-out", leaving.headers | form, form_token=leaving.token)
