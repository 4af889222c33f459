"""A real Ghost with an empty site on SQLite, set up through its Admin API as docs/cms/ghost.md says."""

from __future__ import annotations

import io
import json
import shutil
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.measure.cms.driver import Address, Posted, states_but
from tests.measure.cms.npm import Api, Package, free_port, running, why_missing

NAME = SOURCE = "ghost"
PACKAGE = Package(
    name="ghost",
    version="5.130.6",
    unpacked=True,
    native=("sqlite3",),
    flags=("--omit=dev", "--legacy-peer-deps"),
)
EVENTS = ("post.published", "post.published.edited", "post.unpublished", "post.deleted")
THEME = "gazette"
_PERSON = {"email": "owner@example.com", "password": "a long made-up passphrase 1"}
_SOURCE_THEME = PACKAGE.folder / "content/themes/source"
_REASONS = {
    "private": "Ghost closes only a whole site (Settings > Make site private), not one post",
    "password": "Ghost has a password only for a whole site, not for one post",
    "expired": "Ghost has no date at which a post ends",
    "parent closed": "posts have no parent",
    "locale removed": "a Ghost site has one language",
}
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "public": {"status": "published", "visibility": "public"},
    "draft": {"status": "draft"},
    "members": {"status": "published", "visibility": "members"},
    "paid": {"status": "published", "visibility": "paid"},
}


def missing() -> str:
    return why_missing(PACKAGE)


@contextmanager
def started(folder: Path) -> Iterator[Ghost]:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    _lay_out(folder, base, port)
    admin = Api(base=f"{base}/ghost/api/admin", headers={"origin": base, "accept-version": "v5.130"})
    command = ["node", "current/index.js"]
    with running(command, folder, {"NODE_ENV": "production"}, lambda: admin.answers("/site/")):
        owner = {**_PERSON, "name": "Mara Lindqvist", "blogTitle": "The Velden Gazette"}
        admin.call("POST", "/authentication/setup/", {"setup": [owner]})
        admin.call("POST", "/session/", {"username": _PERSON["email"], "password": _PERSON["password"]})
        made = Ghost(admin=admin, base=base)
        made.opened()
        yield made


@dataclass(slots=True, kw_only=True)
class Ghost:
    """The running site. `admin` is signed in as its owner."""

    admin: Api
    base: str
    states: Mapping[str, str] = field(default_factory=lambda: states_but(_REASONS))
    hook_options: Mapping[str, str] = field(default_factory=dict)
    hook_fields: Mapping[str, str] = field(default_factory=dict)
    hook_types: tuple[str, ...] = ()
    _integration: str = ""

    def opened(self) -> None:
        """Add the integration: the service asks Ghost with its Content API key."""
        wanted = {"integrations": [{"name": "Listen to the article"}]}
        made = self.admin.call("POST", "/integrations/?include=api_keys", wanted)["integrations"][0]
        self._integration = made["id"]
        key = next(key["secret"] for key in made["api_keys"] if key["type"] == "content")
        self.hook_options = {"api_url": self.base, "api_token": key, "language": "en"}

    def connect(self, service: Address) -> None:
        for event in EVENTS:
            hook = {
                "event": event,
                "name": event,
                "target_url": service.hook_url,
                "secret": service.secret,
                "integration_id": self._integration,
            }
            self.admin.call("POST", "/webhooks/", {"webhooks": [hook]})
        script = f'<script type="module" async src="{service.url}/player.js"></script>'
        self.admin.call("PUT", "/settings/", {"settings": [{"key": "codeinjection_head", "value": script}]})
        self._upload_theme(service.site)
        self.admin.call("PUT", f"/themes/{THEME}/activate/", {})

    def publish(self, title: str, html: str) -> Posted:
        return self.publish_with({"title": title, "html": html})

    def publish_with(self, fields: Mapping[str, object]) -> Posted:
        """The same with whatever fields of a post; `lexical` instead of `html` for cards."""
        source = "" if "lexical" in fields else "?source=html"
        wanted = {"posts": [{"status": "published", **fields}]}
        made = self.admin.call("POST", f"/posts/{source}", wanted)["posts"][0]
        return Posted(id=made["id"], url=made["url"])

    def change(self, posted: Posted, html: str) -> None:
        self.edit(posted, {"html": html})

    def put(self, posted: Posted, state: str) -> None:
        if state == "trash":
            self.admin.call("DELETE", f"/posts/{posted.id}/")
        elif state == "scheduled":  # a published post has to be a draft first
            self.edit(posted, {"status": "draft"})
            later = datetime.now(UTC) + timedelta(days=1)
            self.edit(posted, {"status": "scheduled", "published_at": later.isoformat(timespec="milliseconds")})
        else:
            self.edit(posted, _FIELDS[state])

    def edit(self, posted: Posted, fields: Mapping[str, object], kind: str = "posts") -> None:
        """Change fields; Ghost wants the time of the last change with them."""
        now = self.admin.call("GET", f"/{kind}/{posted.id}/")[kind][0]
        source = "?source=html" if "html" in fields else ""
        changed = {"updated_at": now["updated_at"], **fields}
        self.admin.call("PUT", f"/{kind}/{posted.id}/{source}", {kind: [changed]})

    def run_queue(self) -> None:
        """Ghost sends at once, and never again."""

    def _upload_theme(self, site: str) -> None:
        """The theme that Ghost comes with, under another name and with the player above the text."""
        element = f'<article-audio site="{site}" article="{{{{id}}}}"></article-audio>'
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for found in sorted(_SOURCE_THEME.rglob("*")):
                content = found.read_bytes() if found.is_file() else b""
                if found == _SOURCE_THEME / "post.hbs":
                    text = content.decode()
                    assert text.count("{{content}}") == 1
                    content = text.replace("{{content}}", f"{element}\n            {{{{content}}}}").encode()
                if found == _SOURCE_THEME / "package.json":
                    content = json.dumps({**json.loads(content), "name": THEME}).encode()
                if content:
                    archive.writestr(f"{THEME}/{found.relative_to(_SOURCE_THEME)}", content)
        _send_file(self.admin, "/themes/upload/", f"{THEME}.zip", packed.getvalue())


def _lay_out(folder: Path, base: str, port: int) -> None:
    """Ghost's own folders and settings."""
    content = folder / "content"
    content.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(PACKAGE.folder / "content", content)
    settings = {
        "url": base,
        "server": {"host": "127.0.0.1", "port": port},
        "database": {
            "client": "sqlite3",
            "connection": {"filename": str(folder / "ghost.db")},
            "useNullAsDefault": True,
        },
        "mail": {"transport": "stub"},
        "logging": {"level": "info", "transports": ["stdout"]},
        "paths": {"contentPath": str(content)},
        "privacy": {"useTinfoil": True},
        "security": {"staffDeviceVerification": False},
    }
    (folder / "current").symlink_to(PACKAGE.folder)  # where Ghost looks for itself
    (folder / "config.production.json").write_text(json.dumps(settings), "utf-8")


def _send_file(api: Api, path: str, name: str, content: bytes) -> None:
    boundary = "a-boundary-that-no-theme-contains"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    body = f"{head}Content-Type: application/zip\r\n\r\n".encode() + content + f"\r\n--{boundary}--\r\n".encode()
    headers = {**api.headers, "content-type": f"multipart/form-data; boundary={boundary}"}
    request = urllib.request.Request(api.base + path, data=body, headers=headers, method="POST")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
        answer.read()
