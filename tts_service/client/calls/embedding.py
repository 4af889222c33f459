"""HTML for the publisher's pages: the player, or a frame with it."""

from __future__ import annotations

from html import escape

from tts_service.client.calls.call import path_part
from tts_service.client.values.articles import Grant

_WIDTH, _HEIGHT = 640, 240
"""Pixels of the frame."""


def embed_code(base_url: str, clip_id: str, title: str, grant: Grant | None) -> str:
    """A frame with the player, for pages that allow no script of others."""
    address = grant.embed_url if grant else f"{base_url.rstrip('/')}/embed/{path_part(clip_id)}"
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{_WIDTH}" height="{_HEIGHT}" '
        'allow="autoplay; clipboard-write" style="border:0"></iframe>'
    )


def player_code(base_url: str, site: str, article_id: str, grant: Grant | None, renew: str | None) -> str:
    """The player itself: it finds the article's clip, and shows nothing while there is none."""
    wanted = {"grant": grant.token if grant else None, "renew": renew}
    opened = "".join(f' {name}="{escape(value)}"' for name, value in wanted.items() if value)
    script = escape(f"{base_url.rstrip('/')}/player.js")
    return (
        f'<script type="module" async src="{script}"></script>'
        f'<article-audio site="{escape(site)}" article="{escape(article_id)}"{opened}></article-audio>'
    )
