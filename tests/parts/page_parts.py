"""What invented pages are put together from: for closed_pages.py and open_pages.py."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

SITE = "https://gazette.example"
ASKED = f"{SITE}/news/ports/ferry-is-back"
TITLE = "The ferry is back at the old quay"
HEAD = f"<title>{TITLE} – The Elmsworth Gazette</title>"
H1 = f"<h1>{TITLE}</h1>"
PARAGRAPH = (
    "<p>The ferry left the old quay at nine on Monday with forty people on board, and the harbour master waved from "
    "his window as it passed the lighthouse on its way to the islands.</p>"
)
TEXT = PARAGRAPH * 6
TEASER = "<p>The ferry left the old quay at nine on Monday.</p>"
LOGIN = (
    '<form action="/login" method="post"><input name="email" type="email"><input type="password" name="password">'
    "<button>Log in</button></form>"
)
ONE_PASSWORD = '<form method="post"><input type="password" name="code"><button>Go</button></form>'


@dataclass(frozen=True, kw_only=True)
class Look:
    """A page as it was answered, and what should be told of it."""

    name: str
    verdict: str
    html: str = ""
    final: str = ASKED
    asked: str = ASKED
    status: int = 200
    title: str | None = TITLE
    visibility: str | None = None
    moved_to: str | None = None


def page(*body: str, head: str = HEAD, of: str = "") -> str:
    """A page with an ordinary header and footer around its body."""
    return (
        f"<!doctype html><html lang=en><head>{head}</head><body {of}><header><a href=/>The Elmsworth Gazette</a>"
        f'<nav><a href="/news">News</a> <a href="/login">Log in</a></nav></header>{"".join(body)}'
        "<footer><a href=/imprint>Imprint</a></footer></body></html>"
    )


def article(*body: str, head: str = HEAD, of: str = "") -> str:
    """A page whose main part is one article under the headline."""
    return page(f"<main><article>{H1}{''.join(body)}</article></main>", head=head, of=of)


def data(value: Any) -> str:
    """A block of JSON-LD; a string as it stands."""
    text = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{text}</script>'


def news(**more: Any) -> dict[str, Any]:
    """An article in JSON-LD."""
    return {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, **more}


def told(*body: str, **more: Any) -> str:
    """An article's page with its text in full and this in its data."""
    return article(TEXT, *body, head=HEAD + data(news(**more)))


FREE = "isAccessibleForFree"
OTHER = f"{SITE}/news/ports/seal-in-the-market"
RETURN = "redirect_to=https%3A%2F%2Fgazette.example%2Fnews%2Fports%2Fferry-is-back"
GHOST_CTA = (
    '<aside class="gh-post-upgrade-cta"><div class="gh-post-upgrade-cta-content"><h2>{}</h2>'
    '<a class="gh-btn" data-portal="signup">Subscribe now</a></div></aside>'
)
WORDPRESS_FORM = (
    '<form action="https://gazette.example/wp-login.php?action=postpass" class="post-password-form" method="post">'
    "<p>{}</p><p><label>Password: <input name=post_password id=pwbox-7 type=password></label> "
    "<input type=submit value=Enter></p></form>"
)
WAGTAIL_FORM = (
    "<h1>Password required</h1><p>You need a password to access this page.</p>"
    '<form action="/_util/authenticate_with_password/4/17/" method="POST"><input type=password name=password>'
    '<input type=hidden name=return_url value="/news/ports/ferry-is-back/"><input type=submit value=Continue></form>'
)
