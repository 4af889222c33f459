"""CMSs that sign by Standard Webhooks: our WordPress plugin, our Wagtail app, and any other.

Bodies as docs/cms/generic.md and the plugin's and the app's own code have them.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

from tests.measure.closed.articles import Said, Written, bare, iso, mysql, visible_in

_GONE = {"trash": "deleted", "locale removed": "deleted"}
_WITHOUT_TEXT = {"private": "private", "password": "password", "parent closed": "login"}


class Generic:
    """Any CMS of one's own: it knows every state."""

    source = "generic"
    prefix = "article"
    reasons: Mapping[str, str] = {}
    final: frozenset[str] = frozenset()
    apart = False
    unseen: Mapping[str, str] = {}
    with_text: frozenset[str] = frozenset({"members", "paid"})
    """States in which it sends the text all the same, for readers with access."""

    def __init__(self) -> None:
        self._ids = count(100)

    def options(self, address: str) -> Mapping[str, Mapping[str, Any]]:
        return {"main": {"language": "en"}}

    def new_id(self) -> str:
        return f"article-{next(self._ids)}"

    def public(self, article: Written) -> list[Said]:
        return [self._said("updated" if article.revision > 1 else "published", article, self._text(article, "public"))]

    def closed(self, article: Written, state: str) -> list[Said]:
        if state in self.with_text:
            return [self._said("updated", article, self._text(article, state))]
        if state in ("members", "paid", *_WITHOUT_TEXT):
            visibility = _WITHOUT_TEXT.get(state, state)
            return [self._said("closed", article, {"visibility": visibility, "url": article.url})]
        return [self._said(_GONE.get(state, "unpublished"), article, {})]

    def page(self, state: str) -> str:
        looks = {
            "private": "login",
            "password": "form",
            "members": "teaser",
            "paid": "teaser",
            "parent closed": "login",
        }
        return looks.get(state, "removed" if state == "trash" else "gone")

    def answer(self, path: str, articles: Mapping[str, list[Written]]) -> tuple[int, Any] | None:
        return None

    def _text(self, article: Written, visibility: str) -> dict[str, Any]:
        return {"title": article.title, "html": article.html, "url": article.url, "visibility": visibility}

    def _said(self, kind: str, article: Written, data: Mapping[str, Any]) -> Said:
        facts = {"id": self._id(article), **self._times(article), **data}
        if article.locale:
            facts["translation"] = article.locale
        body = {"type": f"{self.prefix}.{kind}", "timestamp": iso(article.changed_ms), "data": facts}
        return Said(body=bare(body), headers={"content-type": "application/json"})

    def _id(self, article: Written) -> Any:
        return article.id

    def _times(self, article: Written) -> dict[str, str]:
        return {"updated_at": iso(article.changed_ms)}


class Wagtail(Generic):
    """Through our app. A translation is a page of its own; privacy of a parent holds for the pages below it."""

    source = "wagtail"
    prefix = "article"
    reasons: Mapping[str, str] = {"paid": "Wagtail's view restrictions know login, groups and passwords, no payment"}
    final = frozenset({"trash", "locale removed"})
    apart = True
    with_text = frozenset()

    def new_id(self) -> str:
        return str(next(self._ids))

    def _times(self, article: Written) -> dict[str, str]:
        return {"updated_at": iso(article.changed_ms), "as_of": iso(article.changed_ms)}

    def page(self, state: str) -> str:
        return (
            "login" if state in ("private", "members", "parent closed") else "form" if state == "password" else "gone"
        )


class WordPress(Generic):
    """Through our plugin. A translation (WPML, Polylang) is a post of its own; the trash gives a post back."""

    source = "wordpress"
    prefix = "post"
    reasons: Mapping[str, str] = {"parent closed": "a post has no parent whose status closes it"}
    final = frozenset({"locale removed"})
    apart = True
    with_text = frozenset({"paid"})

    def new_id(self) -> str:
        return str(next(self._ids))

    def closed(self, article: Written, state: str) -> list[Said]:
        if state == "trash":
            return [self._said("unpublished", article, {})]
        if state == "private":
            return [self._said("unpublished", article, {})]
        return super().closed(article, state)

    def page(self, state: str) -> str:
        return {"password": "form", "members": "teaser", "paid": "teaser"}.get(state, "gone")

    def answer(self, path: str, articles: Mapping[str, list[Written]]) -> tuple[int, Any] | None:
        return rest_post(path, articles)

    def _id(self, article: Written) -> Any:
        return int(article.id)

    def _times(self, article: Written) -> dict[str, str]:
        as_of = {"as_of": iso(article.changed_ms)}
        return {"type": "post", "updated_at": f"{mysql(article.changed_ms)}Z", **as_of}


def rest_post(path: str, articles: Mapping[str, list[Written]]) -> tuple[int, Any] | None:
    """A post in WordPress's REST API, as a visitor without a login gets it."""
    start, _, rest = path.partition("/wp-json/wp/v2/posts/")
    if start or not rest:
        return None
    found = rest.partition("?")[0].strip("/")
    article = visible_in(articles, found)
    if article is None:
        return 404, {"code": "rest_post_invalid_id", "message": "Invalid post ID.", "data": {"status": 404}}
    if article.state in ("draft", "private", "scheduled", "expired"):
        code = {"code": "rest_forbidden", "message": "Sorry, you are not allowed to do that.", "data": {"status": 401}}
        return 401, code
    return 200, post_of(article)


STATUS = {"draft": "draft", "trash": "trash", "private": "private", "scheduled": "future", "expired": "draft"}
"""Post status by state; every other state is published."""


def post_of(article: Written) -> dict[str, Any]:
    """A post as the REST API has it; the text of one with a password is left out."""
    hidden = article.state in ("password", "members", "paid")
    return {
        "id": int(article.id),
        "date_gmt": mysql(article.changed_ms),
        "modified_gmt": mysql(article.changed_ms),
        "slug": article.slug,
        "status": STATUS.get(article.state, "publish"),
        "type": "post",
        "link": article.url,
        "title": {"rendered": article.title},
        "content": {"rendered": "" if hidden else article.html, "protected": article.state == "password"},
        "excerpt": {"rendered": "", "protected": hidden},
        "author": 1,
        "categories": [1],
        "tags": [],
    }
