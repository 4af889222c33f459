"""A newsroom's own website in front of a headless CMS: a page per article, with the player above the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape

from tests.parts.page_server import Page, website

_STYLE = (
    "body{font:18px/1.6 Georgia,serif;margin:3rem auto;max-width:42rem;padding:0 1rem;color:#222}"
    "header{border-bottom:1px solid #ccc;margin-bottom:2rem;font-variant:small-caps}h1{line-height:1.2}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What readers see of an article."""

    id: str
    title: str
    html: str
    language: str = "en"


@dataclass(slots=True, kw_only=True)
class Front:
    """The running website. Its pages carry the player once `service` is set."""

    base: str
    service: str = ""
    site: str = ""

    def page(self, shown: Shown) -> str:
        player = (
            f'<script type="module" async src="{escape(self.service)}/player.js"></script>'
            f'<article-audio site="{escape(self.site)}" article="{escape(shown.id)}"></article-audio>'
        )
        body = f"<h1>{escape(shown.title)}</h1>{player if self.service else ''}{shown.html}"
        return (
            f'<!doctype html><html lang="{escape(shown.language)}"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><title>{escape(shown.title)}</title>'
            f"<style>{_STYLE}</style></head><body><header>The Velden Gazette</header>"
            f"<main><article>{body}</article></main></body></html>"
        )


@contextmanager
def front(find: Callable[[str], Shown | None]) -> Iterator[Front]:
    """The website on a free port; `find` looks up what readers see at a path, such as `/news/railway`."""

    def answer(path: str) -> Page:
        shown = find(path.partition("?")[0])
        if shown is None:
            return Page(status=404, body=b"<!doctype html><title>Not found</title>")
        return Page(body=made.page(shown).encode())

    with website(answer) as origin:
        made = Front(base=origin)
        yield made
