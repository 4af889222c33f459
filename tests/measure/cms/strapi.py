"""A real Strapi with an empty project on SQLite, set up through its admin API as docs/cms/strapi.md says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import quote

from tests.measure.cms.driver import Address, Posted, states_but
from tests.measure.cms.front_page import Front, Shown, front
from tests.measure.cms.npm import Api, Package, free_port, running, why_missing

NAME = SOURCE = "strapi"
PACKAGE = Package(
    name="@strapi/strapi",
    version="5.54.0",
    beside={
        "better-sqlite3": "12.4.1",  # 13 crashes on Node 20
        "react": "18",
        "react-dom": "18",
        "react-router-dom": "6",
        "styled-components": "6",
    },
    native=("better-sqlite3",),
)
_REASONS = {
    "private": "permissions are for whole content types, not for one entry",
    "password": "Strapi has no passwords for entries",
    "scheduled": "dates of publication come with Releases, a paid plan",
    "expired": "Strapi has no date at which an entry ends",
    "parent closed": "entries have no parent that closes them",
}
_OWNER = {"firstname": "Mara", "lastname": "Lindqvist", "email": "owner@example.com", "password": "Long-made-up-1"}
_EVENTS = ["entry.create", "entry.update", "entry.delete", "entry.publish", "entry.unpublish"]
_TYPE = "api::article.article"
_LOCALE = "en"
_OTHER = "de"


def missing() -> str:
    return why_missing(PACKAGE)


@contextmanager
def started(folder: Path) -> Iterator[Strapi]:
    port = free_port()
    _lay_out(folder, port)
    admin = Api(base=f"http://127.0.0.1:{port}")
    # In production Strapi refuses webhooks to addresses of its own machine.
    environment = {"NODE_ENV": "development", "STRAPI_TELEMETRY_DISABLED": "true"}
    with running(["node", "start.js"], folder, environment, lambda: admin.answers("/_health")):
        made = Strapi(admin=admin)
        with front(made.shown) as website:
            made.opened(website)
            yield made


@dataclass(slots=True, kw_only=True)
class Strapi:
    """The running project, with the content type `article` in English and German. `admin` is signed in as its owner."""

    admin: Api
    states: Mapping[str, str] = field(default_factory=lambda: states_but(_REASONS))
    hook_options: Mapping[str, str] = field(default_factory=dict)
    hook_fields: Mapping[str, str] = field(default_factory=dict)
    hook_types: tuple[str, ...] = ("article",)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _website: Front | None = None
    _token: str = ""

    def opened(self, website: Front) -> None:
        """Register the owner, add German, make the token."""
        self._website = website
        token = self.admin.call("POST", "/admin/register-admin", _OWNER)["data"]["token"]
        self.admin.headers["authorization"] = f"Bearer {token}"
        self.admin.call("POST", "/i18n/locales", {"code": _OTHER, "name": "German (de)", "isDefault": False})
        reading = {"permissions": ["api::article.article.find", "api::article.article.findOne"]}
        wanted = {"name": "Listen to the article", "description": "", "type": "custom", "lifespan": None, **reading}
        self._token = self.admin.call("POST", "/admin/api-tokens", wanted)["data"]["accessKey"]
        self.hook_options = {
            "api_url": self.admin.base,
            "api_token": self._token,
            "url": f"{website.base}/news/{{slug}}",
        }

    def connect(self, service: Address) -> None:
        assert self._website is not None
        self._website.service, self._website.site = service.url, service.site
        wanted = {
            "name": "Listen to the article",
            "url": service.hook_url,
            "headers": {"Authorization": f"Bearer {service.secret}"},
            "events": _EVENTS,
        }
        self.admin.call("POST", "/admin/webhooks", wanted)

    def publish(self, title: str, html: str) -> Posted:
        return self.publish_in(_LOCALE, title, html)

    def publish_in(self, locale: str, title: str, html: str, beside: Posted | None = None) -> Posted:
        """A new public article in this language, or another language version of one that is there."""
        slug = f"article-{next(self._numbers)}"
        fields = {"title": title, "slug": slug, "body": html, "visibility": "public"}
        if beside is None:
            found = self.admin.call("POST", f"{_MANAGED}?locale={locale}", fields)["data"]["documentId"]
        else:
            found = _document(beside)
            self.admin.call("PUT", f"{_MANAGED}/{found}?locale={locale}", fields)
        self._do(found, "publish", locale)
        assert self._website is not None
        return Posted(id=f"{found}:{locale}", url=f"{self._website.base}/news/{slug}")

    def unpublish_in(self, locale: str, posted: Posted) -> None:
        self._do(_document(posted), "unpublish", locale)

    def change(self, posted: Posted, html: str) -> None:
        """Strapi has the draft saved first; what readers see changes when it is published."""
        self.save(posted, {"body": html})
        self._do(_document(posted), "publish", _LOCALE)

    def save(self, posted: Posted, fields: Mapping[str, object], locale: str = _LOCALE) -> None:
        """Save the draft alone."""
        query = f"{_MANAGED}/{_document(posted)}?locale={locale}"
        now = self.admin.call("GET", query)["data"]
        kept = {name: now[name] for name in ("title", "slug", "body", "visibility")}
        self.admin.call("PUT", query, {**kept, **fields})

    def put(self, posted: Posted, state: str) -> None:
        if state in ("trash", "locale removed"):
            self.admin.call("DELETE", f"{_MANAGED}/{_document(posted)}?locale={'*' if state == 'trash' else _LOCALE}")
        elif state == "draft":
            self._do(_document(posted), "unpublish", _LOCALE)
        else:
            self.save(posted, {"visibility": state})
            self._do(_document(posted), "publish", _LOCALE)

    def run_queue(self) -> None:
        """Strapi sends at once, and never again."""

    def shown(self, path: str) -> Shown | None:
        """What the newsroom's website finds for one of its addresses, with the same token as the audio service."""
        reader = Api(base=self.admin.base, headers={"authorization": f"Bearer {self._token}"})
        slug = quote(path.removeprefix("/news/"), safe="")
        for locale in (_LOCALE, _OTHER):
            found = reader.call("GET", f"/api/articles?status=published&locale={locale}&filters[slug][$eq]={slug}")
            for entry in found["data"]:
                if entry["visibility"] == "public":
                    title, html = entry["title"], entry["body"]
                    return Shown(id=f"{entry['documentId']}:{locale}", title=title, html=html, language=locale)
        return None

    def _do(self, found: str, action: str, locale: str) -> None:
        """`publish` or `unpublish` the draft that is saved."""
        now = self.admin.call("GET", f"{_MANAGED}/{found}?locale={locale}")["data"]
        fields = {name: now[name] for name in ("title", "slug", "body", "visibility")} if action == "publish" else {}
        self.admin.call("POST", f"{_MANAGED}/{found}/actions/{action}?locale={locale}", fields)


def _document(posted: Posted) -> str:
    """Strapi's id, without the language that belongs to the article's id."""
    return posted.id.partition(":")[0]


_MANAGED = f"/content-manager/collection-types/{_TYPE}"
_LOCALIZED = {"pluginOptions": {"i18n": {"localized": True}}}
_SCHEMA = {
    "kind": "collectionType",
    "collectionName": "articles",
    "info": {"singularName": "article", "pluralName": "articles", "displayName": "Article"},
    "options": {"draftAndPublish": True},
    **_LOCALIZED,
    "attributes": {
        "title": {"type": "string", **_LOCALIZED},
        "slug": {"type": "string", **_LOCALIZED},
        "body": {"type": "richtext", **_LOCALIZED},
        "visibility": {"type": "string", **_LOCALIZED},
    },
}
_MIDDLEWARES = ["errors", "security", "cors", "poweredBy", "logger", "query", "body", "session", "favicon", "public"]


def _lay_out(folder: Path, port: int) -> None:
    """The files of a project."""
    database = {
        "client": "sqlite",
        "connection": {"filename": str(folder / "data.db")},
        "useNullAsDefault": True,
    }
    admin = {
        "auth": {"secret": "made-up-secret-1"},
        "apiToken": {"salt": "made-up-salt-1"},
        "transfer": {"token": {"salt": "made-up-salt-2"}},
        "secrets": {"encryptionKey": "a-made-up-key-of-32-characters--"},
        "serveAdminPanel": False,
    }
    server = {"host": "127.0.0.1", "port": port, "app": {"keys": ["made-up-1", "made-up-2"]}}
    files = {
        "package.json": json.dumps({"name": "gazette", "private": True, "dependencies": {}}),
        "start.js": _START,
        "config/server.js": _exported(server),
        "config/admin.js": _exported(admin),
        "config/database.js": _exported({"connection": database}),
        "config/middlewares.js": _exported([f"strapi::{name}" for name in _MIDDLEWARES]),
        "config/plugins.js": _exported({}),
        "src/index.js": _exported({}),
        "src/api/article/content-types/article/schema.json": json.dumps(_SCHEMA),
    }
    for kind, factory in (("controllers", "Controller"), ("routes", "Router"), ("services", "Service")):
        made = f"require('@strapi/strapi').factories.createCore{factory}('{_TYPE}')"
        files[f"src/api/article/{kind}/article.js"] = f"module.exports = {made};\n"
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    (folder / "public/uploads").mkdir(parents=True)
    (folder / "node_modules").symlink_to(PACKAGE.folder / "node_modules")


def _exported(value: object) -> str:
    return f"module.exports = {json.dumps(value)};\n"


_START = (
    "const { createStrapi } = require('@strapi/strapi');\n"
    "createStrapi({ appDir: __dirname, distDir: __dirname }).start();\n"
)
