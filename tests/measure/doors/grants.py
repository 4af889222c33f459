"""Grants for clips that aren't public, forged, old and taken elsewhere, at every address a clip has.

`python -m tests.measure.doors.grants` prints how many opened something. Addresses are read off the app: a new one is
tried too.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import update

from tests.measure.figures import Figure, exact
from tests.parts.factories import make_parts
from tests.parts.web_rows import ready_clip
from tts_service.access.daily import DailyKeys
from tts_service.access.grants import LONGEST_S, Grants, Subject
from tts_service.access.keys import SCOPES, create_key
from tts_service.db.tables import ArticleRow
from tts_service.errors import GrantNeeded
from tts_service.parts import Parts
from tts_service.web.app import create_app

START_S = 1_790_000_000.0
MEMBERS = Subject(clip_id="clip_1", visibility="members")
AUDIO = "/v1/clips/clip_1/r/1/audio.mp3"
SAID = ("New bridge opens", "bridge opened", "Three hundred", "Traffic starts", "A. Writer", "7000", "tone:beep")
"""What only those may learn who may read the article."""
FILLED = {"clip_id": "clip_1", "revision": "1", "audio_format": "mp3"}
NEVER_THERE = ("/v1/clips/clip_1/r/1/audio.mp3.c2pa",)
"""An MP3 holds its manifest itself: this is 404 for everybody."""


@dataclass(slots=True)
class Gate:
    """An app with a clip for members, one for payers and another site's, and a clock that stands still."""

    parts: Parts
    client: TestClient
    now_s: float = START_S
    opened: list[str] = field(default_factory=list)
    """What a wrong grant got."""
    tried: int = 0

    @property
    def grants(self) -> Grants:
        app: Any = self.client.app
        found: Grants = app.state.grants
        return found

    def addresses(self) -> list[str]:
        """Every address below a clip that is asked for by GET, and its pages; but for those that want a key."""
        app: Any = self.client.app
        found = {
            route.path.format(**FILLED)
            for route in iter_route_contexts(app.routes)
            if route.path and "{clip_id}" in route.path and "GET" in (route.methods or ())
        }
        keyed = {address for address in found if self.client.get(address).status_code == 401}
        return [*sorted(found - keyed - set(NEVER_THERE)), "/feedback?clip=clip_1"]

    def get(self, address: str, token: str = "", **headers: str) -> Any:
        """Follows redirects, as players do."""
        asked = f"{address}{'&' if '?' in address else '?'}grant={token}" if token else address
        return self.client.get(asked, headers=headers, follow_redirects=True)

    def try_wrong(self, kind: str, address: str, token: str = "", **headers: str) -> None:
        """Note it when anything but a refusal comes."""
        self.tried += 1
        answer = self.get(address, token, **headers)
        told = [said for said in SAID if said.encode() in answer.content]
        if answer.status_code != 403 or told or answer.headers.get("accept-ranges"):
            self.opened.append(f"{kind}: {address} answers {answer.status_code}, tells {told}")

    def allow(self, visibility: str, clip: str = "1") -> None:
        """As a CMS's word settles it."""
        with self.parts.database.writing() as session:
            session.execute(update(ArticleRow).where(ArticleRow.id == f"art_{clip}").values(visibility=visibility))


@contextmanager
def gate(folder: Path) -> Iterator[Gate]:
    """Real parts; requests aren't counted."""
    parts = make_parts(folder, rate_public="", rate_key="")
    for name, site in (("1", "gazette"), ("2", "gazette"), ("3", "herald")):
        ready_clip(parts, name=name, site=site)
    with TestClient(create_app(parts), raise_server_exceptions=False) as client:
        found = Gate(parts, client)
        found.grants.clock = lambda: found.now_s
        for name, visibility in (("1", "members"), ("2", "paid"), ("3", "members")):
            found.allow(visibility, name)
        yield found


def altered(token: str) -> list[str]:
    """The token with each character made another one, doubled and left out."""
    found = []
    for at, was in enumerate(token):
        others = {"0", "1", "9", "a", "f", "A", ".", "%20", "%C3%A9"} - {was}
        found += [token[:at] + other + token[at + 1 :] for other in sorted(others)]
        found += [token[:at] + token[at + 1 :], token[:at] + was + token[at:]]
    return [other for other in dict.fromkeys(found) if other != token]


def wrong_tokens(gate: Gate, elsewhere: Path) -> dict[str, str]:
    """Grants that open nothing, by what is wrong with them."""
    grants, other = gate.grants, make_parts(elsewhere)
    foreign = Grants(DailyKeys(other.database), grants.clock)
    good = grants.give(MEMBERS, 60, 0)
    found = {
        "none": "",
        "of another clip": grants.give(Subject(clip_id="clip_2", visibility="paid"), 60).token,
        "of another site's clip": grants.give(Subject(clip_id="clip_3", visibility="members"), 60).token,
        "for other readers": grants.give(Subject(clip_id="clip_1", visibility="paid"), 60).token,
        "of when it was public": grants.give(Subject(clip_id="clip_1", visibility="public"), 60).token,
        "of another installation": foreign.give(MEMBERS, 60).token,
        "without its signature": good.token.rpartition(".")[0],
        "with another's life": f"{grants.give(MEMBERS, LONGEST_S).token.rpartition('.')[0]}.{good.token[-64:]}",
        "a feedback token": gate.client.get(f"/v1/clips/clip_1?grant={good.token}").json()["feedback_token"],
        "an API key": create_key(gate.parts.database, "all", SCOPES),
    }
    other.close()
    return found


def measure(gate: Gate, elsewhere: Path) -> None:
    """Try every wrong grant; what gets in stands in `gate.opened`."""
    for kind, token in wrong_tokens(gate, elsewhere).items():
        for address in gate.addresses():
            gate.try_wrong(kind, address, token)
        gate.try_wrong(f"{kind}, a range", AUDIO, token, Range="bytes=10-20")
        gate.try_wrong(f"{kind}, known already", AUDIO, token, **{"If-None-Match": "*"})
    good = gate.grants.give(MEMBERS, 60, 0).token
    for token in altered(good):
        gate.try_wrong("altered", AUDIO, token, Range="bytes=0-9")
    assert gate.get(AUDIO, good, Range="bytes=0-9").status_code == 206
    gate.now_s += 60
    for address in gate.addresses():
        gate.try_wrong("expired", address, good)
    gate.try_wrong("expired, a range", AUDIO, good, Range="bytes=10-20")


def renewals_wrong(gate: Gate) -> list[str]:
    """What is wrong with renewing: while it holds it must go on, never beyond its limit, and never once expired."""
    wrong = []
    token = gate.grants.give(MEMBERS, 60, 600).token
    first, began = token, gate.now_s
    while gate.now_s < began + 550:
        gate.now_s += 50
        answer = gate.get("/v1/clips/clip_1", token)
        if answer.status_code != 200:
            wrong.append(f"not renewed after {gate.now_s - began:.0f} s: {answer.status_code}")
            break
        token = answer.json()["grant"]
    gate.now_s = began + 601
    wrong += [f"held beyond its limit: {one}" for one in (first, token) if gate.get(AUDIO, one).status_code != 403]
    try:
        wrong.append(str(gate.grants.renewed(MEMBERS, gate.grants.read(MEMBERS, token))))
    except GrantNeeded:
        return wrong
    return wrong


def given_wrongly(gate: Gate) -> list[str]:
    """Who gets a grant without being the site's publisher."""
    database = gate.parts.database
    others = tuple(scope for scope in SCOPES if scope != "clips:grant")
    keys = {
        "nobody": "",
        "another site's": create_key(database, "other", SCOPES, "herald"),
        "without the right": create_key(database, "lacking", others, "gazette"),
    }
    found = []
    for who, key in keys.items():
        for path in ("/v1/clips/clip_1/grants", "/v1/articles/gazette/1/grants", "/v1/clips/clip_9/grants"):
            answer = gate.client.post(path, headers={"Authorization": f"Bearer {key}"} if key else {})
            if answer.status_code not in (401, 403, 404) or "grant=" in answer.text:
                found.append(f"{who} at {path}: {answer.status_code}")
    return found


def told_to_strangers(gate: Gate) -> list[str]:
    """Where something of the clip is said to who only knows its site, its article's address, or its id."""
    base = gate.parts.settings.base_url
    good = gate.grants.give(MEMBERS, 60).token
    page = f"{base}/listen/clip_1"
    asked = [
        "/v1/clips?site=gazette&article=1",
        "/v1/clips?url=https://example.org/1",
        f"/oembed?url={page}",
        f"/oembed?url={page}%3Fgrant%3D{good}",
        f"/oembed?url={page}&grant={good}",
        "/metrics",
        "/sitemap.xml",
        "/feeds/gazette.rss",
        "/feeds/gazette.json",
        *gate.addresses(),
    ]
    told = []
    for address in asked:
        for accept in ("text/html", "application/json"):
            answer = gate.client.get(address, headers={"Accept": accept})
            told += [f"{address} tells {said}" for said in SAID if said != "7000" and said in answer.text]
            told += [f"{address} passes the grant on"] if good in answer.text else []
    return told


def late_changes(gate: Gate) -> list[str]:
    """Addresses that go on as before once an article is for others."""
    found = []
    gate.allow("public")
    found += [f"public: {one}" for one in gate.addresses() if gate.get(one).status_code != 200]
    gate.allow("members")
    found += [f"members: {one}" for one in gate.addresses() if gate.get(one).status_code != 403]
    return found


def figures() -> list[Figure]:
    """The rows of this part."""
    with tempfile.TemporaryDirectory() as at, gate(Path(at)) as found:
        measure(found, Path(at) / "elsewhere")
        wrong = [
            found.opened,
            renewals_wrong(found),
            given_wrongly(found),
            told_to_strangers(found),
            late_changes(found),
        ]
        routes = len(found.addresses())
    names = (
        ("wrong grants that opened something", f"of {found.tried} requests at {routes} addresses; all characters"),
        ("renewals refused while a grant held, or beyond its limit", "a life of 60 s, renewed for 600 s"),
        ("grants given to who isn't the publisher", "no key, another site's, one without the right"),
        ("places that tell strangers of a clip for members", "pages, oEmbed, search, feeds, JSON-LD"),
        ("addresses as before after public ↔ members", f"of {2 * routes}"),
    )
    return [
        exact(name=name, value=len(some), target=0, sense="≤", note="; ".join(some[:3]) or note)
        for (name, note), some in zip(names, wrong, strict=True)
    ]


if __name__ == "__main__":
    for figure in figures():
        print(f"{figure.name}: {figure.value:g} (≤ {figure.target:g}; {figure.note}) {figure.verdict}")
