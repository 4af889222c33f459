"""The newsroom's own site in `make closed`: the articles' pages, a sitemap, a feed, and the CMS's API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote

from tests.measure.closed.articles import Paper, Written, iso
from tests.parts.page_server import Page, website

_HEAD = '<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{more}</head><body>'
_FORM = (
    '<form action="{action}" method="post" class="post-password-form"><p>This content is password protected. To view '
    'it please enter your password below:</p><label>Password: <input name="post_password" type="password"></label>'
    '<input type="submit" value="Enter"></form>'
)


@dataclass(slots=True)
class Site:
    """A site on 127.0.0.1."""

    paper: Paper
    address: str = ""
    articles: dict[str, list[Written]] = field(default_factory=dict)
    """By id; language versions of one document together."""
    unlisted: set[str] = field(default_factory=set)
    """Slugs that the feed leaves out: their first webhooks are still on their way, and nothing else tells of them."""
    asked: list[str] = field(default_factory=list)

    @property
    def every(self) -> list[Written]:
        return [one for versions in self.articles.values() for one in versions]

    def add(self, article: Written) -> None:
        self.articles.setdefault(article.id, []).append(article)

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """(status, headers, body) of a GET."""
        self.asked.append(path)
        found = self.paper.answer(unquote(path), self.articles)
        if found is not None:
            return found[0], {"Content-Type": "application/json"}, json.dumps(found[1]).encode()
        name = unquote(path.partition("?")[0]).strip("/")
        if name == "sitemap.xml":
            return 200, {"Content-Type": "application/xml"}, self._sitemap()
        if name == "feed.xml":
            return 200, {"Content-Type": "application/rss+xml"}, self._feed()
        if name == "login":
            form = _FORM.replace("post_password", "password").format(action="/login")
            return _html(
                200, f"{_HEAD.format(lang='en', title='Sign in', more='')}<h1>Sign in</h1>{form}</body></html>"
            )
        mine = [one for one in self.every if one.slug == name]
        article = next((one for one in mine if one.state == "public"), mine[-1] if mine else None)
        return self._page(article) if article else _html(404, "<!doctype html><title>Not found</title><p>Not found.")

    def _page(self, article: Written) -> tuple[int, dict[str, str], bytes]:
        lang, title = article.locale or "en", article.title
        if article.state == "public":
            head = _HEAD.format(lang=lang, title=title, more="")
            inner = f"<main><article><h1>{title}</h1>{article.html}</article></main>"
            return _html(200, f"{head}{inner}</body></html>")
        look = self.paper.page(article.state)
        if look == "form":
            head = _HEAD.format(lang=lang, title=f"Protected: {title}", more="")
            return _html(200, f"{head}<main><article>{_FORM.format(action='/post')}</article></main></body></html>")
        if look == "teaser":
            facts = {
                "@context": "https://schema.org",
                "@type": "NewsArticle",
                "headline": title,
                "isAccessibleForFree": False,
            }
            more = f'<script type="application/ld+json">{json.dumps(facts)}</script>'
            head = _HEAD.format(lang=lang, title=title, more=more)
            teaser = "<p>This post is for subscribers only.</p>"
            return _html(200, f"{head}<main><article><h1>{title}</h1>{teaser}</article></main></body></html>")
        if look == "login":
            return 302, {"Location": f"{self.address}/login?next=/{article.slug}/"}, b""
        status = {"removed": 410, "forbidden": 403}.get(look, 404)
        return _html(status, f"<!doctype html><title>{status}</title><p>There is no such page.")

    def _listed(self) -> list[Written]:
        """What a sitemap lists: whatever has a page for strangers, closed to them or not."""
        return [one for one in self.every if one.state == "public" or self.paper.page(one.state) in ("form", "teaser")]

    def _sitemap(self) -> bytes:
        rows = [f"<url><loc>{one.url}</loc><lastmod>{iso(one.changed_ms)}</lastmod></url>" for one in self._listed()]
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(rows)}</urlset>'.encode()

    def _feed(self) -> bytes:
        # Without dates, so that the minutes of grace for a webhook that is on its way need not be waited for.
        rows = [
            f"<item><title>{one.title}</title><link>{one.url}</link>{self._guid(one)}</item>" for one in self._listed()
        ]
        return f'<rss version="2.0"><channel><title>Site</title>{"".join(rows)}</channel></rss>'.encode()

    def _guid(self, article: Written) -> str:
        """The id that Ghost and WordPress give in their feeds."""
        own = {"ghost": article.id, "wordpress": f"{self.address}/?p={article.id}"}
        own["woocommerce"] = own["wordpress"]
        found = own.get(self.paper.source)
        return f'<guid isPermaLink="false">{found}</guid>' if found else ""


@contextmanager
def site_of(paper: Paper) -> Iterator[Site]:
    """The site, on a free port."""
    site = Site(paper)

    def answer(path: str) -> Page:
        status, headers, body = site.answer(path)
        return Page(status=status, headers=headers, body=body)

    with website(answer) as site.address:
        yield site


def _html(status: int, text: str) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "text/html; charset=utf-8"}, text.encode()
