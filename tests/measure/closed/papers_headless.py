"""CMSs without pages of their own: Contentful, Sanity, Strapi, Directus. The newsroom's site shows what they have."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from itertools import count
from typing import Any

from tests.measure.closed.articles import MAIN, Said, Written, bare, iso, visible_in

_JSON = {"content-type": "application/json"}
_NO_PARENTS = "entries have no parents that close them"


class _Headless:
    """What they share: the site's pages show nothing that is closed, and a teaser of what is for members."""

    final = frozenset({"trash"})
    apart = False
    unseen: Mapping[str, str] = {}

    def page(self, state: str) -> str:
        return "teaser" if state in ("members", "paid") else "gone"


class Contentful(_Headless):
    """One entry holds all languages; unpublishing sends a DeletedEntry without fields."""

    source = "contentful"
    reasons: Mapping[str, str] = {
        "private": "what is published is for every key of the Delivery API",
        "password": "Contentful has no passwords",
        "parent closed": _NO_PARENTS,
    }

    def __init__(self) -> None:
        self._ids = count(1)

    def options(self, address: str) -> Mapping[str, Mapping[str, Any]]:
        api = {"api_url": f"{address}/spaces/s1/environments/master", "api_token": "made-up"}
        return {MAIN: {"types": ["article"], "url": f"{address}/{{slug}}", **api}}

    def new_id(self) -> str:
        return f"5KsDBWseXY6QegucY{next(self._ids):05}"

    def public(self, article: Written) -> list[Said]:
        return [self._said("publish", self._entry(article))]

    def closed(self, article: Written, state: str) -> list[Said]:
        if state in ("members", "paid", "locale removed"):  # the last one: published again without this language
            return [self._said("publish", self._entry(article))]
        draft = self._entry(article)
        draft["sys"] = {**draft["sys"], "version": 12}
        del draft["sys"]["revision"]
        gone = {"sys": {**self._sys(article, "DeletedEntry"), "deletedAt": iso(article.changed_ms)}}
        last = self._said("delete", gone) if state == "trash" else self._said("auto_save", draft)
        return [self._said("unpublish", gone), last]

    def answer(self, path: str, articles: Mapping[str, list[Written]]) -> tuple[int, Any] | None:
        """The Delivery API: published entries only; their fields in one language, or in all with `locale=*`."""
        if "/entries/" not in path:
            return None
        found, _, query = path.partition("/entries/")[2].partition("?")
        there = [one for one in articles.get(found.strip("/"), ()) if one.state in ("public", "members", "paid")]
        if not there:
            return 404, {"sys": {"type": "Error", "id": "NotFound"}, "message": "The resource could not be found."}
        entry = self._entry(there[0])
        wanted = next((part.removeprefix("locale=") for part in query.split("&") if part.startswith("locale=")), "")
        if wanted != "*":
            locale = wanted or self._language(there[0])
            entry["sys"]["locale"] = locale
            entry["fields"] = {name: values[locale] for name, values in entry["fields"].items() if locale in values}
        return 200, entry

    def _language(self, article: Written) -> str:
        return article.locale or "en-US"

    def _entry(self, article: Written) -> dict[str, Any]:
        fields: dict[str, dict[str, Any]] = {}
        for version in article.versions:
            if version.state != "locale removed":
                for name, value in self._fields(version).items():
                    fields.setdefault(name, {})[self._language(version)] = value
        return {"metadata": {"tags": []}, "sys": self._sys(article, "Entry"), "fields": fields}

    def _fields(self, article: Written) -> dict[str, Any]:
        node = {"nodeType": "text", "value": article.text, "marks": [], "data": {}}
        paragraph = {"nodeType": "paragraph", "data": {}, "content": [node]}
        tree = {"nodeType": "document", "data": {}, "content": [paragraph]}
        shown_to = {"visibility": article.state} if article.state in ("members", "paid") else {}
        return {"title": article.title, "slug": article.slug, "body": tree, **shown_to}

    def _sys(self, article: Written, kind: str) -> dict[str, Any]:
        at = iso(max(version.changed_ms for version in article.versions))  # the entry's time, not a language's
        link = {"sys": {"type": "Link", "linkType": "ContentType", "id": "article"}}
        return {
            "type": kind,
            "id": article.id,
            "contentType": link,
            "revision": article.revision,
            "createdAt": at,
            "updatedAt": at,
        }

    def _said(self, action: str, entry: Mapping[str, Any]) -> Said:
        headers = {
            "content-type": "application/vnd.contentful.management.v1+json",
            "x-contentful-topic": f"ContentManagement.Entry.{action}",
        }
        return Said(body=bare(entry), headers=headers)


class Sanity(_Headless):
    """Unpublishing deletes the published document; its draft lives on under another id. A translation is a document."""

    source = "sanity"
    reasons: Mapping[str, str] = {
        "private": "a dataset is private, not a document",
        "password": "Sanity has no passwords",
        "expired": "Sanity has no end of publication",
        "parent closed": _NO_PARENTS,
    }
    final = frozenset()
    apart = True

    def options(self, address: str) -> Mapping[str, Mapping[str, Any]]:
        return {MAIN: {"url": f"{address}/{{slug}}", "language": "en"}}

    def new_id(self) -> str:
        return str(uuid.uuid4())

    def public(self, article: Written) -> list[Said]:
        there = article.before in ("public", "members", "paid")
        return [self._said(self._document(article), "update" if there else "create")]

    def closed(self, article: Written, state: str) -> list[Said]:
        document = self._document(article)
        if state in ("members", "paid"):
            return [self._said(document | {"visibility": state}, "update")]
        gone = {name: document[name] for name in ("_id", "_type", "_updatedAt")}
        draft = document | {"_id": f"drafts.{article.id}"}
        kept = [] if state in ("trash", "locale removed") else [self._said(draft, "create")]
        return [*kept, self._said(gone, "delete")]

    def answer(self, path: str, articles: Mapping[str, list[Written]]) -> tuple[int, Any] | None:
        """`/v…/data/doc/DATASET/ID`, or a query that names the id: published documents only."""
        if "/data/" not in path:
            return None
        found = next((found for found in articles if found in path), "")
        article = visible_in(articles, found)
        shown = article is not None and article.state in ("public", "members", "paid")
        document = self._document(article) if article is not None and shown else None
        if document is not None and article is not None and article.state != "public":
            document["visibility"] = article.state
        if "/data/doc/" in path:
            return 200, {"documents": [document] if document else []}
        return 200, {"result": document}

    def _document(self, article: Written) -> dict[str, Any]:
        span = {"_type": "span", "_key": "s", "text": article.text, "marks": []}
        block = {"_type": "block", "_key": "b", "style": "normal", "markDefs": [], "children": [span]}
        return {
            "_id": article.id,
            "_type": "post",
            "_updatedAt": iso(article.changed_ms),
            "title": article.title,
            "slug": article.slug,
            "language": article.locale or "en",
            "body": [block],
        }

    def _said(self, document: Mapping[str, Any], operation: str) -> Said:
        return Said(body=bare({"operation": operation, **document}), headers=_JSON)


class Strapi(_Headless):
    """Strapi 5: one documentId for all languages; `unpublish` and `delete` send the whole entry."""

    source = "strapi"
    reasons: Mapping[str, str] = {
        "private": "roles are for whole content types",
        "password": "Strapi has no passwords",
        "parent closed": _NO_PARENTS,
    }

    def options(self, address: str) -> Mapping[str, Mapping[str, Any]]:
        return {MAIN: {"api_url": address, "api_token": "made-up", "url": f"{address}/{{slug}}"}}

    def new_id(self) -> str:
        return uuid.uuid4().hex[:24]

    def public(self, article: Written) -> list[Said]:
        return [self._said("publish", article, {"publishedAt": iso(article.changed_ms)})]

    def closed(self, article: Written, state: str) -> list[Said]:
        published = {"publishedAt": iso(article.changed_ms)}
        if state in ("members", "paid"):
            return [self._said("publish", article, {**published, "visibility": state})]
        if state in ("trash", "locale removed"):
            return [self._said("delete", article, published)]
        return [self._said("update", article, {"publishedAt": None}), self._said("unpublish", article, published)]

    def answer(self, path: str, articles: Mapping[str, list[Written]]) -> tuple[int, Any] | None:
        """`/api/articles/DOCUMENT?locale=…`: what is published."""
        start, _, rest = path.partition("/api/articles/")
        if start or not rest:
            return None
        found, _, query = rest.partition("?")
        locale = next((part.removeprefix("locale=") for part in query.split("&") if part.startswith("locale=")), "")
        versions = articles.get(found.strip("/"), [])
        wanted = locale or next((one.locale for one in versions), "")
        article = visible_in(articles, found.strip("/"), wanted)
        if article is None or article.state not in ("public", "members", "paid"):
            return 404, {"data": None, "error": {"status": 404, "name": "NotFoundError", "message": "Not Found"}}
        more = {} if article.state == "public" else {"visibility": article.state}
        return 200, {"data": self._entry(article, {"publishedAt": iso(article.changed_ms), **more}), "meta": {}}

    def _entry(self, article: Written, more: Mapping[str, Any]) -> dict[str, Any]:
        node = {"type": "paragraph", "children": [{"type": "text", "text": article.text}]}
        at = iso(article.changed_ms)
        return {
            "id": 17,
            "documentId": article.id,
            "title": article.title,
            "slug": article.slug,
            "content": [node],
            "createdAt": at,
            "updatedAt": at,
            "locale": article.locale or None,
            **more,
        }

    def _said(self, event: str, article: Written, more: Mapping[str, Any]) -> Said:
        body = {
            "event": f"entry.{event}",
            "createdAt": iso(article.changed_ms),
            "model": "article",
            "uid": "api::article.article",
            "entry": self._entry(article, more),
        }
        return Said(body=bare(body), headers=_JSON | {"x-strapi-event": f"entry.{event}"})


class Directus(_Headless):
    """A Flow sends what changed, without a time; the item itself is asked for, and a role may hide it."""

    source = "directus"
    reasons: Mapping[str, str] = {
        "password": "Directus has no passwords",
        "parent closed": _NO_PARENTS,
        "locale removed": "translations are rows of the item; one language of them is read",
    }
    status: Mapping[str, str] = {"draft": "draft", "scheduled": "scheduled", "expired": "archived"}

    def __init__(self) -> None:
        self._ids = count(30)

    def options(self, address: str) -> Mapping[str, Mapping[str, Any]]:
        api = {"api_url": address, "api_token": "made-up"}
        return {MAIN: {**api, "types": ["articles"], "url": f"{address}/{{slug}}", "language": "en"}}

    def new_id(self) -> str:
        return str(next(self._ids))

    def public(self, article: Written) -> list[Said]:
        if article.revision == 1:
            return [
                self._said(
                    "create", {"payload": {"title": article.title, "status": "published"}, "key": int(article.id)}
                )
            ]
        return [self._updated(article, {"status": "published"})]

    def closed(self, article: Written, state: str) -> list[Said]:
        if state == "trash":
            return [self._said("delete", {"payload": [article.id], "keys": [article.id]})]
        if state in ("members", "paid"):
            return [self._updated(article, {"visibility": state})]
        return [self._updated(article, {"status": self.status.get(state, "internal")})]

    def answer(self, path: str, articles: Mapping[str, list[Written]]) -> tuple[int, Any] | None:
        """A list of one item, or of none where the token's role sees no such item."""
        start, _, query = path.partition("/items/articles?")
        if start or not query:
            return None
        asked = next((one for one in query.split("&") if one.startswith("filter[id][_eq]=")), "")
        article = visible_in(articles, asked.rpartition("=")[2])
        if article is None or article.state == "private":
            return 200, {"data": []}
        at = iso(article.changed_ms)
        item = {
            "id": int(article.id),
            "status": self.status.get(article.state, "published"),
            "title": article.title,
            "slug": article.slug,
            "content": article.html,
            "date_created": at,
            "date_updated": at,
        }
        if article.state in ("members", "paid"):
            item["visibility"] = article.state
        return 200, {"data": [item]}

    def _updated(self, article: Written, payload: Mapping[str, Any]) -> Said:
        return self._said("update", {"payload": payload, "keys": [article.id]})

    def _said(self, event: str, more: Mapping[str, Any]) -> Said:
        body = {"event": f"articles.items.{event}", **more, "collection": "articles", "accountability": None}
        return Said(body=bare(body), headers=_JSON)
