"""CMSs that make their own pages: Ghost, Drupal, and plugins that sign as WooCommerce does."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from itertools import count
from typing import Any

from tests.measure.closed.articles import LANGUAGES, Said, Written, bare, iso, visible_in
from tests.measure.closed.papers_standard import STATUS, post_of, rest_post

_JSON = {"content-type": "application/json"}


class Ghost:
    """Ghost 5: `current` and `previous` say what happened; the text is always there, also of what is for members."""

    source = "ghost"
    reasons: Mapping[str, str] = {
        "private": "Ghost closes a whole site, not a post",
        "password": "Ghost's password is for a whole site",
        "expired": "Ghost has no end of publication",
        "parent closed": "posts have no parents",
        "locale removed": "Ghost has no language versions",
    }
    final = frozenset({"trash"})
    apart = False
    unseen: Mapping[str, str] = {}

    def options(self, address: str) -> Mapping[str, Mapping[str, Any]]:
        return {"main": {"language": "en", "api_url": address, "api_token": "madeup0content0key"}}

    def new_id(self) -> str:
        return uuid.uuid4().hex[:24]

    def public(self, article: Written) -> list[Said]:
        previous = {"updated_at": iso(article.changed_ms - 1000, whole=True)}
        if article.before in ("members", "paid"):
            previous["visibility"] = article.before
        elif article.before != "public":
            previous["status"] = "scheduled" if article.before == "scheduled" else "draft"
        return [self._said(self._post(article, "published", "public"), previous)]

    def closed(self, article: Written, state: str) -> list[Said]:
        if state == "trash":
            return [self._said({}, self._post(article, "published", "public"))]
        if state in ("members", "paid"):
            return [self._said(self._post(article, "published", state), {"visibility": "public"})]
        status = "scheduled" if state == "scheduled" else "draft"
        return [self._said(self._post(article, status, "public"), {"status": "published"})]

    def page(self, state: str) -> str:
        return "teaser" if state in ("members", "paid") else "gone"

    def answer(self, path: str, articles: Mapping[str, list[Written]]) -> tuple[int, Any] | None:
        """The Content API: published posts only; of those for members, no text beyond the teaser."""
        start, _, rest = path.partition("/ghost/api/content/posts/")
        if start or not rest:
            return None
        article = visible_in(articles, rest.partition("?")[0].strip("/"))
        if article is None or article.state not in ("public", "members", "paid"):
            return 404, {
                "errors": [{"message": "Resource not found error, cannot read post.", "type": "NotFoundError"}]
            }
        post = self._post(article, "published", article.state)
        post["access"] = article.state == "public"
        post["html"] = article.html if article.state == "public" else ""
        del post["status"]  # the Content API doesn't say: everything in it is published
        return 200, {"posts": [post]}

    def _post(self, article: Written, status: str, visibility: str) -> dict[str, Any]:
        at = iso(article.changed_ms, whole=True)
        return {
            "id": article.id,
            "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, article.id)),
            "title": article.title,
            "slug": article.slug,
            "html": article.html,
            "plaintext": article.text,
            "status": status,
            "visibility": visibility,
            "updated_at": at,
            "published_at": at,
            "url": article.url,
            "authors": [],
            "tags": [],
            "primary_tag": None,
        }

    def _said(self, current: Mapping[str, Any], previous: Mapping[str, Any]) -> Said:
        return Said(body=bare({"post": {"current": current, "previous": previous}}), headers=_JSON)


class Drupal:
    """Drupal with the module `webhooks`; the text is asked for by JSON:API, as a visitor."""

    source = "drupal"
    reasons: Mapping[str, str] = {
        "password": "a contributed module's, which tells nobody",
        "members": "node access modules: the same as private",
        "paid": "node access modules: the same as private",
        "parent closed": "a node has no parent whose access closes it",
    }
    final = frozenset({"trash"})
    apart = False
    unseen: Mapping[str, str] = {}

    def options(self, address: str) -> Mapping[str, Mapping[str, Any]]:
        return {"main": {"api_url": address, "url": f"{address}/{{slug}}"}}

    def new_id(self) -> str:
        return str(uuid.uuid4())

    def public(self, article: Written) -> list[Said]:
        return [self._said("create" if article.revision == 1 else "update", article, status=True)]

    def closed(self, article: Written, state: str) -> list[Said]:
        if state == "trash":
            return [self._said("delete", article, status=True)]
        return [self._said("update", article, status=state == "private")]

    def page(self, state: str) -> str:
        # Drupal answers 403 for what is unpublished too.
        return "gone" if state == "trash" else "forbidden"

    def answer(self, path: str, articles: Mapping[str, list[Written]]) -> tuple[int, Any] | None:
        head, _, rest = path.partition("/jsonapi/node/article/")
        if not rest or head not in ("", *(f"/{locale}" for locale in LANGUAGES)):
            return None
        found = rest.partition("?")[0].strip("/")
        versions = articles.get(found, [])
        locale = head.strip("/") or next((one.locale for one in versions), "")
        article = next((one for one in versions if one.locale == locale and one.state != "trash"), None)
        if article is None:
            return 404, {"errors": [{"status": "404", "title": "Not Found"}]}
        if article.state != "public":
            return 403, {"errors": [{"status": "403", "title": "Forbidden"}]}
        at = iso(article.changed_ms, whole=True).replace("Z", "+00:00")
        facts = {
            "status": True,
            "title": article.title,
            "langcode": article.locale or "en",
            "created": at,
            "changed": at,
            "path": {"alias": self._alias(article), "pid": 4, "langcode": article.locale or "en"},
            "body": {"value": "raw", "format": "basic_html", "processed": article.html, "summary": ""},
        }
        return 200, {"data": {"type": "node--article", "id": found, "attributes": facts}}

    def _alias(self, article: Written) -> str:
        return "/" + article.url.split("/", 3)[3]

    def _said(self, kind: str, article: Written, *, status: bool) -> Said:
        at = {"value": iso(article.changed_ms, whole=True).replace("Z", "+00:00"), "format": "Y-m-d\\TH:i:sP"}
        entity = {
            "nid": [{"value": 55}],
            "uuid": [{"value": article.id}],
            "langcode": [{"value": article.locale or "en"}],
            "default_langcode": [{"value": article.locale in ("", LANGUAGES[0])}],
            "type": [{"target_id": "article", "target_type": "node_type"}],
            "status": [{"value": status}],
            "title": [{"value": article.title}],
            "created": [at],
            "changed": [at],
            "body": [{"value": article.html, "format": "basic_html", "processed": article.html, "summary": ""}],
            "path": [{"alias": self._alias(article), "pid": 4, "langcode": article.locale or "en"}],
        }
        body = {"event": f"entity:node:{kind}", "user": {"uid": "1"}, "entity": entity}
        return Said(body=bare(body), headers=_JSON)


class WooCommerce:
    """Posts in the form of the REST API, whatever their status; the trash sends the id alone."""

    source = "woocommerce"
    reasons: Mapping[str, str] = {
        "members": "membership plugins: the webhook doesn't say",
        "paid": "membership plugins: the webhook doesn't say",
        "expired": "WordPress has no end of publication; plugins set the status to draft",
        "parent closed": "a post has no parent whose status closes it",
    }
    final = frozenset({"locale removed"})
    apart = True
    unseen: Mapping[str, str] = {}

    def __init__(self) -> None:
        self._ids, self._deliveries = count(800), count(1)

    def options(self, address: str) -> Mapping[str, Mapping[str, Any]]:
        return {"main": {"language": "en", "api_url": address}}

    def new_id(self) -> str:
        return str(next(self._ids))

    def public(self, article: Written) -> list[Said]:
        topic = "post.created" if article.revision == 1 else "post.updated"
        return [self._said(topic, post_of(article))]

    def closed(self, article: Written, state: str) -> list[Said]:
        if state in ("trash", "locale removed"):
            return [self._said("post.deleted", {"id": int(article.id)})]
        return [self._said("post.updated", post_of(article) | {"status": STATUS.get(state, "publish")})]

    def page(self, state: str) -> str:
        return "form" if state == "password" else "gone"

    def answer(self, path: str, articles: Mapping[str, list[Written]]) -> tuple[int, Any] | None:
        return rest_post(path, articles)

    def _said(self, topic: str, data: Mapping[str, Any]) -> Said:
        headers = {"x-wc-webhook-topic": topic, "x-wc-webhook-delivery-id": f"d{next(self._deliveries)}"}
        return Said(body=bare(data), headers=_JSON | headers)
