"""A real Directus with an empty project on SQLite, set up through its API as docs/cms/directus.md says."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from urllib.parse import quote

from tests.measure.cms.driver import Address, Posted, states_but
from tests.measure.cms.front_page import Front, Shown, front
from tests.measure.cms.npm import START_S, Api, Package, Refused, free_port, running, why_missing

NAME = SOURCE = "directus"
PACKAGE = Package(
    name="directus",
    version="11.1.2",
    beside={"sqlite3": "5.1.7"},
    native=("sqlite3", "isolated-vm", "argon2"),
)
_REASONS = {
    "password": "Directus has no passwords for items",
    "parent closed": "items have no parent that closes them",
    "locale removed": "translations are fields of one item, of which one language is read",
}
_PERSON = {"email": "owner@example.com", "password": "a long made-up passphrase 1"}
_TOKEN = "read-only-token-of-the-audio-service"
_READERS_SEE = {
    "_and": [
        {"status": {"_eq": "published"}},
        {"_or": [{"date_published": {"_null": True}}, {"date_published": {"_lte": "$NOW"}}]},
        {"_or": [{"date_expired": {"_null": True}}, {"date_expired": {"_gt": "$NOW"}}]},
    ]
}
"""The permission filter of the guide: what readers see, and nothing else."""


def missing() -> str:
    return why_missing(PACKAGE)


@contextmanager
def started(folder: Path) -> Iterator[Directus]:
    port = free_port()
    admin = Api(base=f"http://127.0.0.1:{port}")
    environment = {
        "KEY": "a-made-up-key",
        "SECRET": "a made-up secret of this test",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DB_CLIENT": "sqlite3",
        "DB_FILENAME": str(folder / "data.db"),
        "STORAGE_LOCAL_ROOT": str(folder / "uploads"),
        "EXTENSIONS_PATH": str(folder / "extensions"),
        "ADMIN_EMAIL": _PERSON["email"],
        "ADMIN_PASSWORD": _PERSON["password"],
        "TELEMETRY": "false",
        "LOG_LEVEL": "warn",
        # The service listens on this machine, which Directus refuses to call unless it is told otherwise.
        "IMPORT_IP_DENY_LIST": "169.254.169.254",
    }
    program = str(PACKAGE.folder / "node_modules/@directus/api/dist/cli/run.js")
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["node", program, "bootstrap"],
        cwd=folder,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
        timeout=START_S,
    )
    with running(["node", program, "start"], folder, environment, lambda: admin.answers("/server/ping")):
        token = admin.call("POST", "/auth/login", _PERSON)["data"]["access_token"]
        admin.headers["authorization"] = f"Bearer {token}"
        admin.call("PATCH", "/users/me", {"token": "static-token-of-the-owner"})
        admin.headers["authorization"] = "Bearer static-token-of-the-owner"
        made = Directus(admin=admin)
        with front(made.shown) as website:
            made.opened(website)
            yield made


@dataclass(slots=True, kw_only=True)
class Directus:
    """The running project, with a collection `articles`. `admin` uses the owner's static token."""

    admin: Api
    states: Mapping[str, str] = field(default_factory=lambda: states_but(_REASONS))
    hook_options: Mapping[str, str] = field(default_factory=dict)
    hook_fields: Mapping[str, str] = field(default_factory=dict)
    hook_types: tuple[str, ...] = ("articles",)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _website: Front | None = None

    def opened(self, website: Front) -> None:
        """Create the collection and the role that sees only what readers see."""
        self._website = website
        self.admin.call("POST", "/collections", _COLLECTION)
        policy = self._made("policies", {"name": "What readers see", "app_access": False, "admin_access": False})
        reading = {"collection": "articles", "action": "read", "permissions": _READERS_SEE, "fields": ["*"]}
        self.admin.call("POST", "/permissions", {**reading, "policy": policy})
        role = self._made("roles", {"name": "Listen to the article", "policies": {"create": [{"policy": policy}]}})
        self._made("users", {"first_name": "Audio", "role": role, "token": _TOKEN, "status": "active"})
        self.hook_options = {
            "api_url": self.admin.base,
            "api_token": _TOKEN,
            "url": f"{website.base}/news/{{slug}}",
            "language": "en",
        }

    def connect(self, service: Address) -> None:
        assert self._website is not None
        self._website.service, self._website.site = service.url, service.site
        events = ["items.create", "items.update", "items.delete"]
        flow = self._made(
            "flows",
            {
                "name": "Listen to the article",
                "status": "active",
                "trigger": "event",
                "options": {"type": "action", "scope": events, "collections": ["articles"]},
            },
        )
        request = {
            "method": "POST",
            "url": service.hook_url,
            "headers": [{"header": "Authorization", "value": f"Bearer {service.secret}"}],
            "body": "{{$trigger}}",
        }
        operation = self._made(
            "operations",
            {
                "flow": flow,
                "key": "tell",
                "name": "Tell the audio service",
                "type": "request",
                "position_x": 19,
                "position_y": 1,
                "options": request,
            },
        )
        self.admin.call("PATCH", f"/flows/{flow}", {"operation": operation})

    def publish(self, title: str, html: str) -> Posted:
        slug = f"article-{next(self._numbers)}"
        item = {"title": title, "content": html, "slug": slug, "status": "published"}
        found = self._made("items/articles", item)
        assert self._website is not None
        return Posted(id=str(found), url=f"{self._website.base}/news/{slug}")

    def change(self, posted: Posted, html: str) -> None:
        self._patch(posted, {"content": html})

    def put(self, posted: Posted, state: str) -> None:
        if state == "trash":
            self.admin.call("DELETE", f"/items/articles/{posted.id}")
            return
        self._patch(posted, _OPEN | _fields_of(state))

    def run_queue(self) -> None:
        """Flows send at once, and never again."""

    def shown(self, path: str) -> Shown | None:
        """What the newsroom's website finds for one of its addresses, with the same token as the audio service."""
        reader = Api(base=self.admin.base, headers={"authorization": f"Bearer {_TOKEN}"})
        slug = quote(path.removeprefix("/news/"), safe="")
        found = reader.call("GET", f"/items/articles?filter[slug][_eq]={slug}&limit=1")["data"]
        if not found or found[0]["visibility"] != "public":
            return None
        return Shown(id=str(found[0]["id"]), title=found[0]["title"], html=found[0]["content"])

    def _made(self, path: str, body: Mapping[str, object]) -> str:
        made: str = self.admin.call("POST", f"/{path}", body)["data"]["id"]
        return made

    def _patch(self, posted: Posted, fields: Mapping[str, object]) -> None:
        if self.admin.call("PATCH", f"/items/articles/{posted.id}", fields) is None:
            raise Refused(f"item {posted.id} is gone: Directus answers a change of it with success and no body")


_OPEN: dict[str, object] = {
    "status": "published",
    "visibility": "public",
    "date_published": None,
    "date_expired": None,
}


def _fields_of(state: str) -> dict[str, object]:
    """What an article's fields are in this state, where they differ from a public one's."""
    day = timedelta(days=1)
    now = datetime.now(UTC)
    changed: Mapping[str, dict[str, object]] = {
        "public": {},
        "draft": {"status": "draft"},
        "private": {"status": "internal"},
        "members": {"visibility": "members"},
        "paid": {"visibility": "paid"},
        "scheduled": {"date_published": (now + day).isoformat()},
        "expired": {"date_expired": (now - day).isoformat()},
    }
    return changed[state]


def _field(name: str, kind: str, special: str = "", **schema: object) -> dict[str, object]:
    return {"field": name, "type": kind, "meta": {"special": [special]} if special else {}, "schema": schema}


_COLLECTION = {
    "collection": "articles",
    "meta": {"archive_field": "status", "archive_value": "archived", "unarchive_value": "draft"},
    "schema": {},
    "fields": [
        _field("id", "integer", is_primary_key=True, has_auto_increment=True),
        _field("status", "string", default_value="draft"),
        _field("title", "string"),
        _field("slug", "string"),
        _field("content", "text"),
        _field("visibility", "string", default_value="public"),
        _field("date_published", "timestamp"),
        _field("date_expired", "timestamp"),
        _field("date_updated", "timestamp", "date-updated"),
    ],
}
