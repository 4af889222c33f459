"""Who may what: every route of the app, tried by every kind of caller against one table.

`python -m tests.measure.doors.authorisation` prints the wrong cells. A route without a row fails, a row without a
route too; a caller who is refused must also have changed nothing.

A row for a new page of staff states its right by its door: STAFF (people of the site: `person.require_site(site)` for
one thing, `within(person.sites, Row.site)` for a list, whose row says foreign=200), EVERYWHERE (staff of all sites),
ADMIN (AdminSignedIn), SELF (their own account). A route of the API that is in FOR_STAFF has KEY_OR_STAFF or
KEY_OR_ADMIN; `caller.require_site(site)` and `within(caller.sites, Row.site)` hold for keys and staff alike.
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import update
from starlette.routing import Mount

from tests.measure.figures import Figure, exact
from tests.parts.factories import make_article, make_parts
from tests.parts.staff import BASE, Signed, signed
from tests.parts.staff_rows import kept_event
from tests.parts.web_rows import clip_token, ready_clip
from tts_service.access.keys import SCOPES, create_key, revoke_key
from tts_service.access.keys import _check as check_of
from tts_service.access.staff import add_person
from tts_service.cms.inbox.addresses import add_hook
from tts_service.corrections.cases.decisions import confirm_case
from tts_service.corrections.cases.gathering import gather
from tts_service.db.tables import ApiKeyRow, CaseRow, CorrectionClipRow, SiteRoundRow
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.submit import submit
from tts_service.listeners.reports import ReportDraft, receive
from tts_service.parts import Parts
from tts_service.values import Segment
from tts_service.web.app import create_app

OURS, OTHERS = "gazette", "herald"
"""The site whose things are asked for, and another one's key."""
SPEECH = {"model": "tts-1", "input": "One.", "voice": "tone:beep", "site": OURS}
SCRIPTS = ("/player.js", "/player-report.js", "/player-texts.json")
"""What every site's pages may load."""


class Caller(StrEnum):
    NOBODY = "nobody"
    WRONG = "wrong key"
    OTHER = "key of another site"
    LACKING = "key without the right"
    RIGHT = "right key"
    ELSEWHERE = "editor of another site"
    EDITOR = "editor of the site"
    STAFF = "admin"


EDITORS = (Caller.ELSEWHERE, Caller.EDITOR)
STAFF = {Caller.ELSEWHERE: "elsewhere", Caller.EDITOR: "editor", Caller.STAFF: "admin"}
"""Who of World signs in for a caller."""


class Door(StrEnum):
    PUBLIC = "anybody"
    KEY = "a key with the right"
    KEY_OR_STAFF = "a key with the right, or staff"
    KEY_OR_ADMIN = "a key with the right, or an admin"
    STAFF = "staff of the site"
    SELF = "staff, about themselves"
    EVERYWHERE = "staff of all sites"
    ADMIN = "an admin"
    PROVEN = "who proves it otherwise: a signature, a password, a link, the metrics token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that does what the route is for."""

    path: str
    json: Any = None
    data: dict[str, str] | None = None
    """A form of the staff's pages; its token is added."""
    content: bytes | None = None


@dataclass(slots=True)
class World:
    """An app with something of everything in it."""

    parts: Parts
    client: TestClient
    admin: Signed
    colleague: Signed
    """Signed in too, for all sites, but no admin."""
    editor: Signed
    """Staff of OURS."""
    elsewhere: Signed
    """Staff of OTHERS."""
    keys: dict[tuple[Caller, str], list[str]] = field(default_factory=dict)
    words: Iterator[str] = field(default_factory=lambda: (f"Word{number}" for number in count()))
    """Never the same twice."""
    corrected: str = ""
    """The clip of the newest `correction`."""
    watch: sqlite3.Connection = field(init=False)
    fingerprint: tuple[int, str] = (-1, "")
    """The database's version as `watch` sees it, and the hash of what was kept then."""
    turns: Iterator[int] | None = None
    """Each row is asked with one kind of wrong key, in turn; None: with every kind."""

    def __post_init__(self) -> None:
        self.watch = sqlite3.connect(self.parts.settings.database.removeprefix("sqlite:///"))

    def keys_of(self, caller: Caller, scope: str) -> list[str]:
        """Authorization headers of this kind of caller, for a route that needs this right."""
        if (caller, scope) not in self.keys:
            self.keys[caller, scope] = [f"Bearer {key}" for key in self._make(caller, scope)]
        return self.keys[caller, scope]

    def form_token(self, headers: dict[str, str]) -> str:
        """What the forms of the session with this cookie carry."""
        signed_in = (self.admin, self.editor, self.elsewhere)
        return next(who.token for who in signed_in if who.headers["Cookie"] == headers["Cookie"])

    def _make(self, caller: Caller, scope: str) -> list[str]:
        database, others = self.parts.database, tuple(name for name in SCOPES if name != scope)
        if caller is Caller.OTHER:
            return [create_key(database, "other", SCOPES, OTHERS)]
        if caller is Caller.LACKING:
            return [create_key(database, "lacking", others, OURS)]
        if caller is Caller.RIGHT:
            return [create_key(database, "right", (scope or SCOPES[0],), OURS)]
        revoked, expired = (create_key(database, "dead", SCOPES) for _ in range(2))
        revoke_key(database, revoked[4:12])
        with database.writing() as session:
            session.execute(update(ApiKeyRow).where(ApiKeyRow.id == expired[4:12]).values(expires_ms=1))
        unknown = create_key(database, "gone", SCOPES)
        with database.writing() as session:
            session.delete(session.get_one(ApiKeyRow, unknown[4:12]))
        alive = create_key(database, "alive", SCOPES)
        guessed = f"{alive[:13]}{'0' * 32}"  # the id of a living key, another secret, and check characters that fit
        return [revoked, expired, unknown, unknown[:-1], "ltk_x", guessed + check_of(guessed)]

    def report(self) -> str:
        return receive(self.parts, ReportDraft(clip_id="clip_1", category="other"))

    def gathered(self) -> str:
        """A report that is in its case."""
        reference = self.report()
        gather(self.parts, reference)
        return reference

    def case(self) -> str:
        """A case that nobody has decided: about a clip of its own."""
        clip = ready_clip(self.parts, name=next(self.words))
        return gather(self.parts, receive(self.parts, ReportDraft(clip_id=clip.id, category="other")))

    def report_in(self, case_id: str) -> str:
        """Another report in a case."""
        with self.parts.database.reading() as session:
            clip = session.get_one(CaseRow, case_id).key
        reference = receive(self.parts, ReportDraft(clip_id=clip, category="other"))
        assert gather(self.parts, reference) == case_id
        return reference

    def job(self, name: str) -> str:
        return submit(self.parts, make_article(external_id=name, source=f"This is {name}."), Wish()).job_id

    def made(self, path: str, body: Any) -> dict[str, Any]:
        """What a key with every right makes there."""
        key = create_key(self.parts.database, "maker", SCOPES)
        answer = self.client.post(path, json=body, headers={"Authorization": f"Bearer {key}"})
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def article(self) -> str:
        """One that is heard."""
        return ready_clip(self.parts, name=next(self.words)).id.replace("clip_", "art_")

    def failed(self) -> str:
        """A job that failed."""
        clip = ready_clip(self.parts, name=next(self.words))
        clip.fail()
        return clip.job

    def held(self) -> str:
        """A clip that waits for its release."""
        clip = ready_clip(self.parts, name=next(self.words))
        clip.hold()
        return clip.id

    def entry(self) -> str:
        return str(self.made("/v1/lexicon", _entry(next(self.words)))["id"])

    def segment(self) -> str:
        """A sound that was tried."""
        key = hashlib.sha256(next(self.words).encode()).hexdigest()
        self.parts.segments.put(Segment(key=key, pcm=bytes(800), sample_rate_hz=16_000, words=()))
        return key

    def correction(self) -> str:
        """One that failed for the clip that `corrected` names."""
        made = str(self.made("/v1/corrections", {"lexeme": _entry(next(self.words))})["id"])
        change = {"block": 0, "start": 0, "end": 1, "text": "x", "before": "x", "after": "y"}
        row = {"from_revision": 1, "state": "failed", "reason": "", "changes": [change], "updated_ms": 1}
        self.corrected = ready_clip(self.parts, name=next(self.words)).id
        with self.parts.database.writing() as session:
            session.add(CorrectionClipRow(correction_id=made, clip_id=self.corrected, **row))
        return made

    def endpoint(self) -> str:
        return str(self.made("/v1/callbacks/endpoints", {"url": "https://cms.example/hear", "site": OURS})["id"])

    def delivery(self) -> str:
        return str(self.made(f"/v1/callbacks/endpoints/{self.endpoint()}/test", None)["id"])

    def event(self) -> str:
        """One that may be done again."""
        hook = add_hook(self.parts.database, "ghost", OURS)
        return kept_event(self.parts, str(next(self.words)), hook_id=hook.id, site=OURS, state="ignored")

    def alarmed(self) -> dict[str, str]:
        """A form about a site that has an alarm."""
        with self.parts.database.writing() as session:
            session.merge(SiteRoundRow(site=OURS, due_ms=2**53, counts={}, last={}, alarm_ms=1))
        return {"site": OURS}

    def policy(self) -> str:
        """Its place below the site; there is one now."""
        key = {"Authorization": f"Bearer {create_key(self.parts.database, 'maker', SCOPES)}"}
        assert self.client.put(f"/v1/sites/{OURS}/policy", json={"emoji": "named"}, headers=key).is_success
        return "policy"

    def feed(self) -> str:
        url = f"https://www.gazette.example/{next(self.words)}.xml"
        self.made(f"/v1/sites/{OURS}/feeds", {"url": url})
        return url


_OPEN = (Door.PUBLIC, Door.PROVEN)
Make = Callable[[World], Call]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A route's line in the table."""

    door: Door
    scope: str = ""
    """The right its key needs."""
    ok: int = 200
    """Status for who may."""
    foreign: int = 403
    """Status for another site's key or editor; 200: the answer holds nothing of ours."""
    make: Make
    refused: int = 401
    """Status where nothing is proven (Door.PROVEN)."""
    led: int = 0
    """Status for staff, where the page leads them on to their own."""


PLS = (
    b'<?xml version="1.0"?><lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" '
    b'alphabet="ipa" xml:lang="en"><lexeme><grapheme>%s</grapheme><alias>x</alias></lexeme></lexicon>'
)


def _entry(word: str) -> dict[str, Any]:
    return {"site": OURS, "language": "en", "graphemes": [word], "alias": "said so"}


def _at(path: str, **more: Any) -> Make:
    return lambda _: Call(path=path, **more)


def _public(path: str, ok: int = 200, **more: Any) -> Row:
    return Row(door=Door.PUBLIC, ok=ok, make=_at(path, **more))


def _keyed(scope: str, make: Make, *, ok: int = 200, foreign: int = 403) -> Row:
    return Row(door=Door.KEY, scope=scope, ok=ok, foreign=foreign, make=make)


def _lexicon(below: str) -> dict[str, Row]:
    door = Door.KEY_OR_STAFF if below else Door.KEY
    at = f"{below}/v1/lexicon"

    def row(make: Make, ok: int = 200, foreign: int = 403) -> Row:
        return Row(door=door, scope="lexicon", ok=ok, foreign=foreign, make=make)

    return {
        f"GET {at}": row(_at(at), foreign=200),
        f"POST {at}": row(lambda w: Call(path=at, json=_entry(next(w.words))), ok=201),
        f"GET {at}/{{entry_id}}": row(lambda w: Call(path=f"{at}/{w.entry()}"), foreign=404),
        f"PATCH {at}/{{entry_id}}": row(lambda w: Call(path=f"{at}/{w.entry()}", json={"alias": "other"}), foreign=404),
        f"DELETE {at}/{{entry_id}}": row(lambda w: Call(path=f"{at}/{w.entry()}"), ok=204, foreign=404),
        f"GET {at}.pls": row(_at(f"{at}.pls?site={OURS}&language=en")),
        f"POST {at}/import": row(lambda w: Call(path=f"{at}/import?site={OURS}", content=PLS % next(w.words).encode())),
        f"POST {at}/impact/import": row(
            lambda w: Call(path=f"{at}/impact/import?site={OURS}", content=PLS % next(w.words).encode())
        ),
        f"POST {at}/impact": row(lambda w: Call(path=f"{at}/impact", json={"lexeme": _entry(next(w.words))})),
        f"POST {below}/v1/preview": row(lambda w: Call(path=f"{below}/v1/preview", json=_preview(next(w.words)))),
        f"GET {below}/v1/preview/{{segment}}.wav": row(
            lambda w: Call(path=f"{below}/v1/preview/{w.segment()}.wav"), foreign=200
        ),
        f"POST {below}/v1/preview/suggestions": row(
            _at(f"{below}/v1/preview/suggestions", json={"word": "12", "language": "en"}), foreign=200
        ),
        f"POST {below}/v1/preview/ipa": row(
            _at(f"{below}/v1/preview/ipa", json={"ipa": "ˈaɪ", "language": "en"}), foreign=200
        ),
    }


def _cases(below: str) -> dict[str, Row]:
    at = f"{below}/v1/cases"
    door = Door.KEY_OR_STAFF if below else Door.KEY

    def row(path: str, body: Callable[[World, str], Any] | None = None, ok: int = 200) -> Row:
        def make(world: World) -> Call:
            case = world.case()
            return Call(path=f"{at}/{case}{path}", json=body(world, case) if body else None)

        return Row(door=door, scope="reports", make=make, ok=ok, foreign=404)

    def everything(path: str) -> Row:
        def make(world: World) -> Call:
            world.case()
            return Call(path=path)

        return Row(door=door, scope="reports", make=make, foreign=200)

    def others(world: World, _case: str) -> dict[str, Any]:
        return {"version": 1, "cases": [{"id": world.case(), "version": 1}]}

    def some(world: World, case: str) -> dict[str, Any]:
        return {"version": 1, "reports": [world.report_in(case)]}

    def confirmed(world: World, case: str) -> dict[str, Any]:
        return {"version": confirm_case(world.parts, case, version=1, who="command line").version}

    return {
        f"GET {at}": everything(at),
        f"GET {at}/events": everything(f"{at}/events?for_s=0"),
        f"GET {below}/v1/overview": Row(
            door=door, scope="reports", foreign=403, make=_at(f"{below}/v1/overview?site={OURS}")
        ),
        f"POST {at}/decide": Row(
            door=door,
            scope="reports",
            foreign=200,
            make=lambda w: Call(
                path=f"{at}/decide", json={"cases": [{"id": w.case(), "version": 1}], "state": "confirmed"}
            ),
        ),
        f"GET {at}/{{case_id}}": row(""),
        f"PATCH {at}/{{case_id}}": row("", lambda *_: {"version": 1, "state": "confirmed"}),
        f"POST {at}/{{case_id}}/notes": row("/notes", lambda *_: {"text": "Ask."}, ok=201),
        f"POST {at}/{{case_id}}/merge": row("/merge", others),
        f"POST {at}/{{case_id}}/split": row("/split", some, ok=201),
        f"POST {at}/{{case_id}}/undo": row("/undo", confirmed),
    }


def _preview(word: str) -> dict[str, Any]:
    sentence = {"text": f"{word} met.", "language": "en", "site": OURS}
    return {"sentence": sentence, "voice": "tone:beep", "lexeme": _entry(word)}


def _corrections(below: str) -> dict[str, Row]:
    door = Door.KEY_OR_STAFF if below else Door.KEY
    at = f"{below}/v1/corrections"

    def row(make: Make, ok: int = 200, foreign: int = 404) -> Row:
        return Row(door=door, scope="lexicon", ok=ok, foreign=foreign, make=make)

    def clip(world: World) -> Call:
        correction = world.correction()
        return Call(path=f"{at}/{correction}/clips/{world.corrected}/take-back")

    def repair(world: World, kind: str, **values: Any) -> Call:
        return Call(path=f"{at}/{kind}", json={"clip": ready_clip(world.parts, name=next(world.words)).id, **values})

    return {
        f"GET {at}": row(_at(at), foreign=200),
        f"POST {at}": row(lambda w: Call(path=at, json={"lexeme": _entry(next(w.words))}), ok=201, foreign=403),
        f"POST {at}/sentence": row(lambda w: repair(w, "sentence", revision=1, position=0, alias="x"), ok=201),
        f"POST {at}/voice": row(lambda w: repair(w, "voice", rate=0.9), ok=201),
        f"GET {at}/{{correction_id}}": row(lambda w: Call(path=f"{at}/{w.correction()}")),
        f"POST {at}/{{correction_id}}/take-back": row(lambda w: Call(path=f"{at}/{w.correction()}/take-back")),
        f"POST {at}/{{correction_id}}/retry": row(lambda w: Call(path=f"{at}/{w.correction()}/retry")),
        f"POST {at}/{{correction_id}}/clips/{{clip_id}}/take-back": row(clip),
    }


def _callbacks(below: str) -> dict[str, Row]:
    all_of_it = f"{below}/v1/callbacks"
    at, site = f"{all_of_it}/endpoints", f"{all_of_it}/sites/{OURS}"
    door = Door.KEY_OR_ADMIN if below else Door.KEY

    def row(make: Make, ok: int = 200, foreign: int = 404) -> Row:
        return Row(door=door, scope="callbacks", make=make, ok=ok, foreign=foreign)

    return {
        f"GET {at}": row(_at(at), foreign=200),
        f"POST {at}": row(_at(at, json={"url": "https://cms.example/x", "site": OURS}), ok=201, foreign=403),
        f"GET {at}/{{endpoint}}": row(lambda w: Call(path=f"{at}/{w.endpoint()}")),
        f"PATCH {at}/{{endpoint}}": row(lambda w: Call(path=f"{at}/{w.endpoint()}", json={"note": "n"})),
        f"DELETE {at}/{{endpoint}}": row(lambda w: Call(path=f"{at}/{w.endpoint()}"), ok=204),
        f"POST {at}/{{endpoint}}/rotate": row(lambda w: Call(path=f"{at}/{w.endpoint()}/rotate")),
        f"POST {at}/{{endpoint}}/test": row(lambda w: Call(path=f"{at}/{w.endpoint()}/test"), ok=202),
        f"GET {all_of_it}/sites/{{site}}/secret": row(_at(f"{site}/secret"), foreign=403),
        f"POST {all_of_it}/sites/{{site}}/rotate": row(_at(f"{site}/rotate"), foreign=403),
        f"GET {all_of_it}/deliveries": row(_at(f"{all_of_it}/deliveries"), foreign=200),
        f"GET {all_of_it}/deliveries/{{delivery}}": row(lambda w: Call(path=f"{all_of_it}/deliveries/{w.delivery()}")),
        f"POST {all_of_it}/deliveries/{{delivery}}/replay": row(
            lambda w: Call(path=f"{all_of_it}/deliveries/{w.delivery()}/replay"), ok=202
        ),
    }


def _sites(below: str) -> dict[str, Row]:
    every = f"{below}/v1/sites"
    at = f"{every}/{OURS}"
    shown, settled = (Door.KEY_OR_STAFF, Door.KEY_OR_ADMIN) if below else (Door.KEY, Door.KEY)

    def row(make: Make, ok: int = 200, foreign: int = 403) -> Row:
        return Row(door=shown, scope="sites", make=make, ok=ok, foreign=foreign)

    def change(make: Make, ok: int = 200) -> Row:
        return Row(door=settled, scope="sites", make=make, ok=ok)

    return {
        f"GET {every}": row(_at(every), foreign=200),
        f"GET {every}/{{site}}/policy": row(_at(f"{at}/policy")),
        f"PUT {every}/{{site}}/policy": change(_at(f"{at}/policy", json={"emoji": "named"})),
        f"DELETE {every}/{{site}}/policy": change(lambda w: Call(path=f"{at}/{w.policy()}"), ok=204),
        f"GET {every}/{{site}}/options": row(_at(f"{at}/options")),
        f"PUT {every}/{{site}}/options": change(_at(f"{at}/options", json={"title": "The Gazette"})),
        f"PUT {every}/{{site}}/origins": change(_at(f"{at}/origins", json={"origins": ["https://gazette.example"]})),
        f"GET {every}/{{site}}/feeds": row(_at(f"{at}/feeds")),
        f"POST {every}/{{site}}/feeds": change(
            lambda w: Call(path=f"{at}/feeds", json={"url": f"https://gazette.example/{next(w.words)}"}), ok=201
        ),
        f"DELETE {every}/{{site}}/feeds": change(lambda w: Call(path=f"{at}/feeds?url={w.feed()}"), ok=204),
    }


def _jobs() -> dict[str, Row]:
    article = {"article": {"site": OURS, "id": "new", "title": "T", "text": "One sentence."}}

    def reading(make: Make, foreign: int = 404) -> Row:
        return _keyed("jobs:read", make, foreign=foreign)

    return {
        "POST /v1/jobs": _keyed("jobs:write", _at("/v1/jobs", json=article), ok=202),
        "POST /v1/audio/speech": _keyed("jobs:write", _at("/v1/audio/speech", json=SPEECH)),
        "GET /v1/audio/voices": _keyed("jobs:write", _at("/v1/audio/voices"), foreign=200),
        "GET /v1/models": _keyed("jobs:write", _at("/v1/models"), foreign=200),
        "GET /v1/jobs": reading(_at("/v1/jobs"), foreign=200),
        "GET /v1/running": reading(_at("/v1/running"), foreign=200),
        "GET /v1/jobs/{job_id}": reading(_at("/v1/jobs/job_1")),
        "DELETE /v1/jobs/{job_id}": _keyed(
            "jobs:write", lambda w: Call(path=f"/v1/jobs/{w.job('cancelled')}"), foreign=404
        ),
        "GET /v1/jobs/{job_id}/events": reading(_at("/v1/jobs/job_1/events")),
        "DELETE /v1/articles/{site}/{external_id:path}": _keyed("jobs:write", _withdrawn, ok=204),
        "POST /v1/explain": _keyed("reports", _at("/v1/explain", json={"text": "A word.", "site": OURS})),
        "GET /v1/listening": _keyed("reports", _at("/v1/listening"), foreign=200),
        "GET /v1/clips/{clip_id}/listening": _keyed("reports", _at("/v1/clips/clip_1/listening"), foreign=404),
        "POST /v1/clips/{clip_id}/release": _keyed(
            "reports", lambda w: Call(path=f"/v1/clips/{w.held()}/release"), foreign=404
        ),
        "POST /v1/articles/{site}/{external_id:path}/recording": _keyed(
            "reports", _at(f"/v1/articles/{OURS}/1/recording", content=b"no sound"), ok=422
        ),
        "POST /v1/articles/{site}/{external_id:path}/recording/take-back": _keyed(
            "reports", _at(f"/v1/articles/{OURS}/1/recording/take-back"), ok=409
        ),
        "POST /v1/clips/{clip_id}/grants": _keyed("clips:grant", _at("/v1/clips/clip_1/grants"), ok=201, foreign=404),
        "POST /v1/articles/{site}/{external_id:path}/grants": _keyed(
            "clips:grant", _at(f"/v1/articles/{OURS}/1/grants"), ok=201
        ),
        "GET /v1/reports": _keyed(
            "reports", lambda w: Call(path="/v1/reports") if w.report() else Call(path=""), foreign=200
        ),
        "PATCH /v1/reports/{reference}": _keyed(
            "reports", lambda w: Call(path=f"/v1/reports/{w.report()}", json={"state": "confirmed"}), foreign=404
        ),
    }


def _withdrawn(world: World) -> Call:
    world.job("withdrawn")
    return Call(path=f"/v1/articles/{OURS}/withdrawn")


def _readers() -> dict[str, Row]:
    clip = "/v1/clips/clip_1"
    found = {
        "GET /v1/clips": _public("/v1/clips?site=gazette&article=1"),
        "GET /v1/clips/{clip_id}": _public(clip),
        "POST /v1/listening": Row(
            door=Door.PUBLIC,
            ok=204,
            make=lambda w: Call(
                path="/v1/listening", json={"clip": "clip_1", "revision": 1, "clip_token": clip_token(w.client)}
            ),
        ),
        "POST /v1/feedback": Row(
            door=Door.PUBLIC,
            ok=201,
            make=lambda w: Call(
                path="/v1/feedback", json={"clip": "clip_1", "category": "other", "clip_token": clip_token(w.client)}
            ),
        ),
        "GET /v1/feedback/{reference}": Row(door=Door.PUBLIC, make=lambda w: Call(path=f"/v1/feedback/{w.report()}")),
        "GET /v1/voices": _public("/v1/voices"),
        "GET /oembed": _public(f"/oembed?url={BASE}/listen/clip_1"),
        "GET /metrics": Row(door=Door.PROVEN, make=_at("/metrics")),
        "GET /static/{path}": _public("/static/style.css"),
    }
    simple = {
        "/openapi.json": "/openapi.json",
        "/healthz": "/healthz",
        "/readyz": "/readyz",
        "/player.js": "/player.js",
        "/player-report.js": "/player-report.js",
        "/player-texts.json": "/player-texts.json",
        "/listen/{clip_id}": "/listen/clip_1",
        "/embed/{clip_id}": "/embed/clip_1",
        "/about/{clip_id}": "/about/clip_1",
        "/feedback": "/feedback?clip=clip_1",
        "/v1/clips/{clip_id}/captions.vtt": f"{clip}/captions.vtt",
        "/v1/clips/{clip_id}/marks.json": f"{clip}/marks.json",
        "/v1/clips/{clip_id}/chapters.json": f"{clip}/chapters.json",
        "/v1/clips/{clip_id}/r/{revision}/chapters.json": f"{clip}/r/1/chapters.json",
        "/feeds.opml": "/feeds.opml",
        "/feeds/{site}.opml": f"/feeds/{OURS}.opml",
        "/feeds/{site}.rss": f"/feeds/{OURS}.rss",
        "/feeds/{site}/corrections.rss": f"/feeds/{OURS}/corrections.rss",
        "/corrections/{site}": f"/corrections/{OURS}",
        "/v1/clips/{clip_id}/transcript": f"{clip}/transcript",
        "/v1/clips/{clip_id}/r/{revision}/captions.vtt": f"{clip}/r/1/captions.vtt",
        "/v1/clips/{clip_id}/r/{revision}/marks.json": f"{clip}/r/1/marks.json",
        "/v1/clips/{clip_id}/r/{revision}/transcript": f"{clip}/r/1/transcript",
        "/v1/clips/{clip_id}/r/{revision}/audio.{audio_format}": f"{clip}/r/1/audio.mp3",
        "/v1/clips/{clip_id}/live.mp3": f"{clip}/live.mp3",
    }
    found |= {f"GET {name}": _public(path) for name, path in simple.items()}
    found["GET /"] = Row(door=Door.PUBLIC, led=303, make=_at("/"))
    for kind in ("section", "tag"):  # the clip there has neither
        found[f"GET /feeds/{{site}}/{kind}/{{name:path}}.rss"] = _public(f"/feeds/{OURS}/{kind}/x.rss", ok=404)
    found["GET /v1/clips/{clip_id}/audio.{audio_format}"] = _public(f"{clip}/audio.mp3", ok=302)
    # An MP3 holds its manifest itself: there is none beside it.
    found["GET /v1/clips/{clip_id}/r/{revision}/audio.{audio_format}.c2pa"] = _public(
        f"{clip}/r/1/audio.mp3.c2pa", ok=404
    )
    found["GET /feedback/{reference}"] = Row(door=Door.PUBLIC, make=lambda w: Call(path=f"/feedback/{w.report()}"))
    return found


def _staff() -> dict[str, Row]:
    def row(door: Door, path: str, foreign: int = 403, **form: str) -> Row:
        return Row(door=door, ok=303 if form else 200, foreign=foreign, make=_at(path, data=form if form else None))

    def proven(path: str, **form: str) -> Row:
        return Row(door=Door.PROVEN, make=_at(path, data=form or None))

    found = {
        "GET /staff/sign-in": _public("/staff/sign-in"),
        "POST /staff/sign-in": proven("/staff/sign-in", name="anna@example.org", password="guessed, not known"),
        "GET /staff/invitation": proven("/staff/invitation?token=guessed"),
        "POST /staff/invitation": proven("/staff/invitation", token="guessed", password="a long enough one"),
        "GET /staff/elsewhere": _public("/staff/elsewhere", ok=404),  # no issuer is set
        "GET /staff/elsewhere/back": _public("/staff/elsewhere/back", ok=404),
        "POST /staff/cases": Row(
            door=Door.STAFF,
            ok=303,
            make=lambda w: Call(path="/staff/cases", data={"do": "confirm", f"case-{w.case()}": "1"}),
        ),
        "POST /staff/cases/{case_id}/try": Row(
            door=Door.STAFF,
            make=lambda w: Call(
                path=f"/staff/cases/{w.case()}/try",
                data={"step": "impact", "way": "alias", "written": "bridge", "alias": "britch", "language": "en"},
            ),
        ),
        "POST /staff/corrections/{correction_id}": Row(
            door=Door.STAFF,
            ok=303,
            make=lambda w: Call(path=f"/staff/corrections/{w.correction()}", data={"do": "take-back"}),
        ),
        "POST /staff/cases/{case_id}/decide": Row(
            door=Door.STAFF,
            ok=303,
            make=lambda w: Call(path=f"/staff/cases/{w.case()}/decide", data={"do": "confirm", "version": "1"}),
        ),
        "POST /staff/account/summary": row(Door.SELF, "/staff/account/summary", language="de"),
        "POST /staff/account/password": row(Door.SELF, "/staff/account/password", password="nine red foxes asleep"),
        "POST /staff/people": Row(
            door=Door.ADMIN,
            make=_at("/staff/people", data={"name": "new@example.org", "role": "staff", "reach": "all"}),
        ),
        "POST /staff/people/{staff_id}": Row(
            door=Door.ADMIN,
            ok=303,
            make=lambda w: Call(
                path=f"/staff/people/{add_person(w.parts.database, 'ben@example.org', 'staff', 'test').id}",
                data={"do": "admin"},
            ),
        ),
    }
    found |= {
        "GET /staff": row(Door.STAFF, "/staff", 200),
        "GET /staff/reports": Row(door=Door.SELF, ok=303, make=_at("/staff/reports")),
        "GET /staff/reports/{reference}": Row(
            door=Door.STAFF, ok=303, make=lambda w: Call(path=f"/staff/reports/{w.gathered()}")
        ),
        "GET /staff/cases/{case_id}": Row(door=Door.STAFF, make=lambda w: Call(path=f"/staff/cases/{w.case()}")),
        "GET /staff/cases/{case_id}/next": Row(
            door=Door.STAFF, ok=303, make=lambda w: Call(path=f"/staff/cases/{w.case()}/next")
        ),
        "GET /staff/cases/{case_id}/previous": Row(
            door=Door.STAFF, ok=303, make=lambda w: Call(path=f"/staff/cases/{w.case()}/previous")
        ),
        "GET /staff/cases/{case_id}/elsewhere": Row(
            door=Door.STAFF, make=lambda w: Call(path=f"/staff/cases/{w.case()}/elsewhere")
        ),
        "GET /staff/cases/{case_id}/suggestions": Row(
            door=Door.STAFF, make=lambda w: Call(path=f"/staff/cases/{w.case()}/suggestions")
        ),
        "GET /staff/corrections": row(Door.STAFF, "/staff/corrections", 200),
        "GET /staff/corrections/{correction_id}": Row(
            door=Door.STAFF, make=lambda w: Call(path=f"/staff/corrections/{w.correction()}")
        ),
        "GET /staff/sound/{clip_id}/{revision}": Row(door=Door.STAFF, ok=303, make=_at("/staff/sound/clip_1/1")),
        "GET /staff/articles": row(Door.STAFF, "/staff/articles", 200),
        "GET /staff/articles/new": row(Door.STAFF, "/staff/articles/new", 200),
        "POST /staff/articles/new": row(
            Door.STAFF, "/staff/articles/new", text="Two herons stood at the weir.", site=OURS
        ),
        "POST /staff/articles/retry": Row(
            door=Door.STAFF,
            ok=303,
            make=lambda w: Call(path="/staff/articles/retry", data={"job": w.failed()}),
        ),
        "GET /staff/articles/{article_id}": row(Door.STAFF, "/staff/articles/art_1"),
        "POST /staff/articles/{article_id}": Row(
            door=Door.STAFF,
            ok=303,
            make=lambda w: Call(path=f"/staff/articles/{w.article()}", data={"do": "withdraw"}),
        ),
        "GET /staff/articles/{article_id}/sentences/{position}": row(Door.STAFF, "/staff/articles/art_1/sentences/0"),
        "POST /staff/articles/{article_id}/sentences/{position}": Row(
            door=Door.STAFF,
            ok=400,  # nothing is typed
            make=lambda w: Call(path="/staff/articles/art_1/sentences/0", data={"do": "hear"}),
        ),
        "POST /staff/articles/{article_id}/recording": Row(
            door=Door.STAFF,
            ok=400,  # without a file, which the form's other fields stand for here
            make=lambda w: Call(path="/staff/articles/art_1/recording", data={"any_length": "1"}),
        ),
        "GET /staff/articles/{article_id}/r/{revision}/audio.mp3": row(
            Door.STAFF, "/staff/articles/art_1/r/1/audio.mp3"
        ),
        "GET /staff/lexicon": row(Door.STAFF, "/staff/lexicon", 200),
        "GET /staff/lexicon/new": row(Door.STAFF, "/staff/lexicon/new", 200),
        "POST /staff/lexicon/new": Row(
            door=Door.STAFF,
            ok=303,
            make=lambda w: Call(
                path="/staff/lexicon/new",
                data={"do": "save", "site": OURS, "language": "en", "alias": "so", "graphemes": next(w.words)},
            ),
        ),
        "GET /staff/lexicon/import": row(Door.STAFF, "/staff/lexicon/import", 200),
        "POST /staff/lexicon/import": Row(
            door=Door.STAFF,
            make=lambda w: Call(
                path="/staff/lexicon/import",
                data={"do": "import", "site": OURS, "document": (PLS % next(w.words).encode()).decode()},
            ),
        ),
        "GET /staff/lexicon/export.pls": Row(
            door=Door.STAFF,
            make=lambda w: Call(path=f"/staff/lexicon/export.pls?site={OURS}") if w.entry() else Call(path=""),
        ),
        "GET /staff/lexicon/{entry_id}": Row(door=Door.STAFF, make=lambda w: Call(path=f"/staff/lexicon/{w.entry()}")),
        "POST /staff/lexicon/{entry_id}": Row(
            door=Door.STAFF,
            ok=303,
            make=lambda w: Call(path=f"/staff/lexicon/{w.entry()}", data={"do": "remove"}),
        ),
        "GET /staff/sites/{site}/rules": row(Door.STAFF, f"/staff/sites/{OURS}/rules"),
        "POST /staff/sites/{site}/rules": Row(
            door=Door.STAFF,
            make=lambda w: Call(
                path=f"/staff/sites/{OURS}/rules",
                data={"do": "add", "text": next(w.words), "treatment": "skipped"},
            ),
        ),
        "GET /staff/sites/{site}/audition": row(Door.STAFF, f"/staff/sites/{OURS}/audition"),
        "POST /staff/sites/{site}/audition": Row(
            door=Door.STAFF,
            make=lambda w: Call(
                path=f"/staff/sites/{OURS}/audition",
                data={"text": "Two herons.", "language": "en", "voice": "tone:beep"},
            ),
        ),
        "POST /staff/sites/{site}/audition/choose": Row(
            door=Door.ADMIN,
            make=lambda w: Call(
                path=f"/staff/sites/{OURS}/audition/choose", data={"language": "en", "chosen": "tone:beep"}
            ),
        ),
        "GET /staff/sites/{site}/audition/{key}.wav": Row(
            door=Door.STAFF, make=lambda w: Call(path=f"/staff/sites/{OURS}/audition/{w.segment()}.wav")
        ),
        "GET /staff/sites": row(Door.STAFF, "/staff/sites", 200),
        "GET /staff/sites/{site}": row(Door.STAFF, f"/staff/sites/{OURS}"),
        "POST /staff/sites/{site}": row(Door.ADMIN, f"/staff/sites/{OURS}", do="options", title="Aloud"),
        "GET /staff/hear/{clip_id}": Row(door=Door.STAFF, ok=303, make=_at("/staff/hear/clip_1")),
        "GET /staff/listening": row(Door.STAFF, "/staff/listening", 200),
        "GET /staff/running": row(Door.STAFF, "/staff/running", 200),
        "GET /staff/overview": row(Door.STAFF, "/staff/overview", 200),
        "GET /staff/overview.csv": row(Door.STAFF, f"/staff/overview.csv?site={OURS}"),
        "GET /staff/overview.json": row(Door.STAFF, f"/staff/overview.json?site={OURS}"),
        "GET /staff/listening/{clip_id}": row(Door.STAFF, "/staff/listening/clip_1"),
        "GET /staff/account": row(Door.SELF, "/staff/account"),
        "GET /staff/checks": row(Door.STAFF, "/staff/checks", 200),
        "GET /staff/people": row(Door.ADMIN, "/staff/people"),
        "GET /staff/voices": row(Door.ADMIN, "/staff/voices"),
        "POST /staff/voices": Row(
            door=Door.ADMIN, ok=422, make=_at("/staff/voices", data={"do": "install", "voice": "hibari:nobody"})
        ),
        "GET /staff/log": row(Door.ADMIN, "/staff/log"),
    }
    for name, key, make in (("events", "event_id", World.event), ("callbacks", "delivery", World.delivery)):

        def one(behind: str, made: Callable[[World], str] = make, name: str = name) -> Make:
            return lambda w: Call(path=f"/staff/{name}/{made(w)}{behind}", data={} if behind else None)

        found[f"GET /staff/{name}"] = row(Door.ADMIN, f"/staff/{name}")
        found[f"GET /staff/{name}/{{{key}}}"] = Row(door=Door.ADMIN, make=one(""))
        found[f"POST /staff/{name}/{{{key}}}/replay"] = Row(door=Door.ADMIN, ok=303, make=one("/replay"))
    for deed in ("back", "accept", "start"):
        found[f"POST /staff/checks/{deed}"] = Row(door=Door.STAFF, ok=303, make=_alarmed(deed))
    # These end sessions: last, since the others need them.
    found["POST /staff/account/sign-out-elsewhere"] = row(Door.SELF, "/staff/account/sign-out-elsewhere", sure="yes")
    found["POST /staff/sign-out"] = row(Door.SELF, "/staff/sign-out", sure="yes")
    return found


def _alarmed(deed: str) -> Make:
    return lambda w: Call(path=f"/staff/checks/{deed}", data=w.alarmed())


def areas() -> dict[str, dict[str, Row]]:
    """The table in parts."""
    hook = Row(door=Door.PROVEN, make=_at("/v1/webhooks/ghost/hook_x", json={"post": {}}), refused=404)
    webhooks = {"POST /v1/webhooks/{source}/{hook}": hook}
    return {
        "readers": _readers(),
        "jobs": _jobs(),
        "sites": _sites(""),
        "callbacks": _callbacks(""),
        "cases": _cases(""),
        "staff's cases": _cases("/staff"),
        "lexicon": _lexicon(""),
        "staff's lexicon": _lexicon("/staff"),
        "corrections": _corrections(""),
        "staff's corrections": _corrections("/staff"),
        "staff's sites": _sites("/staff"),
        "staff's callbacks": _callbacks("/staff"),
        "webhooks": webhooks,
        "staff": _staff(),
    }


def table() -> dict[str, Row]:
    """Every route by method and path as it is declared."""
    return {name: row for part in areas().values() for name, row in part.items()}


def routes(app: FastAPI) -> list[str]:
    """Every route of the app by method and path."""
    found = [
        f"{method} {route.path}"
        for route in iter_route_contexts(app.routes)
        for method in route.methods or ()
        if method != "HEAD"  # wherever GET is, for the same callers: tests/web/test_head.py
    ]
    return found + [f"GET {route.path}/{{path}}" for route in app.routes if isinstance(route, Mount)]


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """An app around real parts, with a clip, its job and staff."""
    parts = make_parts(
        folder,
        rate_login="",
        rate_login_address="",
        rate_login_account="",
        rate_feedback_token="",
        rate_feedback_address="",
        metrics_token="read the meters",
    )
    ready_clip(parts)
    with TestClient(create_app(parts), base_url=BASE, follow_redirects=False, raise_server_exceptions=False) as client:
        made = World(
            parts=parts,
            client=client,
            admin=signed(parts),
            colleague=signed(parts, "colleague@example.org", "staff"),
            editor=signed(parts, "editor@example.org", "staff", (OURS,)),
            elsewhere=signed(parts, "elsewhere@example.org", "staff", (OTHERS,)),
        )
        with closing(made.watch):
            yield made


def wrong_cells(world: World, name: str, row: Row) -> list[str]:
    """What is wrong in one row, in words; every caller who is refused is tried before anybody who is not."""
    call = row.make(world)
    wrong = []
    done = False
    for caller in sorted(Caller, key=lambda caller: _may(row.door, caller)):
        for headers in _headers(world, caller, row):
            call = row.make(world) if done else call  # what was done can't be done again
            before = "" if _may(row.door, caller) else _fingerprint(world)
            answer = _send(world, name, call, headers)
            wanted = _expected(row, caller)
            done = _may(row.door, caller) and row.door is not Door.PUBLIC
            if answer.status_code != wanted:
                wrong.append(f"{name}: {caller} gets {answer.status_code}, not {wanted}: {answer.text[:200]}")
            elif before and _fingerprint(world) != before:
                wrong.append(f"{name}: {caller} is refused and changed something all the same")
            elif caller in (Caller.OTHER, Caller.ELSEWHERE) and not _may(row.door, caller) and OURS in answer.text:
                wrong.append(f"{name}: {caller} is told of {OURS}: {answer.text[:200]}")
            elif "access-control-allow-origin" in answer.headers and not name.endswith(SCRIPTS):
                wrong.append(f"{name}: {caller} of no registered site may read it from a script")
    return wrong


def _may(door: Door, caller: Caller) -> bool:
    allowed = {
        Door.PUBLIC: set(Caller),
        Door.KEY: {Caller.RIGHT},
        Door.KEY_OR_STAFF: {Caller.RIGHT, Caller.EDITOR, Caller.STAFF},
        Door.KEY_OR_ADMIN: {Caller.RIGHT, Caller.STAFF},
        Door.STAFF: {Caller.EDITOR, Caller.STAFF},
        Door.SELF: {*EDITORS, Caller.STAFF},
        Door.EVERYWHERE: {Caller.STAFF},
        Door.ADMIN: {Caller.STAFF},
        Door.PROVEN: set(),
    }
    return caller in allowed[door]


def _expected(row: Row, caller: Caller) -> int:
    if _may(row.door, caller):
        return row.led or row.ok if caller in STAFF else row.ok
    if row.door is Door.PROVEN:
        return row.refused
    if caller in EDITORS and row.door is not Door.KEY:
        return row.foreign if row.door in (Door.STAFF, Door.KEY_OR_STAFF) else 403
    keyed = row.door in (Door.KEY, Door.KEY_OR_STAFF, Door.KEY_OR_ADMIN)
    if keyed and caller is Caller.OTHER:
        return row.foreign
    if keyed and caller is Caller.LACKING:
        return 403
    return 401


def _headers(world: World, caller: Caller, row: Row) -> list[dict[str, str]]:
    """What each caller of a kind sends; a wrong key in every way a key can be wrong."""
    if caller is Caller.NOBODY:
        return [{}]
    if caller in STAFF:
        return [getattr(world, STAFF[caller]).changing]
    keys = world.keys_of(caller, row.scope)
    if caller is Caller.WRONG and world.turns is not None:
        keys = [keys[next(world.turns) % len(keys)]]
    return [{"Authorization": key} for key in keys]


def _send(world: World, name: str, call: Call, headers: dict[str, str]) -> Any:
    world.client.cookies.clear()
    data = None
    if call.data is not None:
        headers = {"Origin": BASE} | headers  # forms come from our own pages, whoever sends them
        data = call.data | ({"form_token": world.form_token(headers)} if "Cookie" in headers else {})
    return world.client.request(
        name.partition(" ")[0], call.path, headers=headers, json=call.json, data=data, content=call.content
    )


def _fingerprint(world: World) -> str:
    """Hash of all that is kept, but for when keys and sessions were last used and what hooks note of the refused.

    Taken again when another connection has committed something since (PRAGMA data_version tells)."""
    [(version,)] = world.watch.execute("PRAGMA data_version")
    if version != world.fingerprint[0]:
        world.fingerprint = (version, _hash_of_all(world.watch))
    return world.fingerprint[1]


def _hash_of_all(database: sqlite3.Connection) -> str:
    digest = hashlib.sha256()
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in sorted(names):
        if table in ("inbound_events", "daily_keys"):
            continue
        columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
        kept = ", ".join(f'"{name}"' for name in columns if name not in ("used_ms", "seen_ms"))
        for line in database.execute(f'SELECT {kept} FROM "{table}" ORDER BY 1'):
            digest.update(repr(line).encode())
    return digest.hexdigest()


def colleagues_refused(world: World) -> list[str]:
    """What staff who are no admins get of the admins' routes, and changes without their session's own token."""
    wrong = []
    for name, row in table().items():
        if row.door not in (Door.ADMIN, Door.KEY_OR_ADMIN):
            continue
        call = row.make(world) if "{staff_id}" not in name else Call(path="/staff/people/nobody", data={"do": "admin"})
        answer = world.client.request(
            name.partition(" ")[0],
            call.path,
            json=call.json,
            data=(call.data or None) and {**(call.data or {}), "form_token": world.colleague.token},
            headers=world.colleague.changing,
        )
        if answer.status_code != 403:
            wrong.append(f"{name}: a colleague gets {answer.status_code}")
    return wrong


def figures() -> list[Figure]:
    """The rows of this part."""
    with tempfile.TemporaryDirectory() as folder, world(Path(folder)) as made:
        known = table()
        app = made.client.app
        assert isinstance(app, FastAPI)
        strangers = set(routes(app)) ^ set(known)
        wrong = colleagues_refused(made)
        wrong += [line for name, row in known.items() for line in wrong_cells(made, name, row)]
    for line in [*sorted(strangers), *wrong]:
        print(line)
    note = f"{len(known)} routes × {len(Caller)} callers"
    return [
        _exactly("routes without a row, rows without a route", len(strangers), note),
        _exactly("wrong cells of who may what", len(wrong), note),
    ]


def _exactly(name: str, value: int, note: str) -> Figure:
    return exact(name=name, value=value, target=0, sense="=", note=note)


def main() -> None:
    for figure in figures():
        print(f"{figure.name}: {figure.value:g} ({figure.note}) {figure.verdict}")


if __name__ == "__main__":
    main()
