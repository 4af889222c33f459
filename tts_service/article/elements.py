"""Maps HTML elements to kinds of blocks, and gives the reason if an element's text is not spoken."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tts_service.article.element_names import is_pull_quote, reason_by_name
from tts_service.article.pieces import EDITORS_SKIP, word_set
from tts_service.values import BlockKind

NO_TEXT = word_set("script style template head meta link iframe")
"""Elements without visible text; they produce no blocks."""
HIDDEN_TEXT = {
    "noscript": "for browsers without scripts",
    "select": "form",
    "datalist": "form",
    "textarea": "form",
    "canvas": "shown when media can't play",
    "object": "shown when media can't play",
    "audio": "shown when media can't play",
    "video": "shown when media can't play",
    "svg": "drawing",
    "math": "formula",
}
"""Elements that become a single piece and are never read as text."""
_HEADINGS = word_set("h1 h2 h3 h4 h5 h6")
BREAKS = _HEADINGS | word_set(
    "p div section article main header body html ul ol li dl dt dd blockquote figure figcaption hr address details "
    "summary hgroup center fieldset legend menu search table caption thead tbody tfoot tr td th colgroup col "
    "nav aside footer form dialog option amp-sidebar amp-ad amp-carousel amp-consent"
)
"""Elements that start and end a piece of text."""
BOXES = word_set("body div section article main aside nav header footer form td center dialog details fieldset")
"""Container elements that can hold several blocks side by side."""
STRESSED = word_set("em i small")
"""Elements in italics or small print."""
STRUCK = "struck out"
_FIELDS = word_set("input textarea")
"""Elements whose `placeholder` is a text; on others it marks what AMP shows before, or instead of, a medium."""
_FURNITURE = {
    "nav": "navigation",
    "amp-sidebar": "navigation",
    "menu": "navigation",
    "aside": "box beside the article",
    "footer": "footer",
    "form": "form",
    "label": "form",
    "search": "form",
    "button": "button",
    "dialog": "dialog",
    "amp-ad": "advertisement",
    "amp-social-share": "share links",
    "amp-consent": "cookie notice",
    "amp-user-notification": "cookie notice",
    "s": STRUCK,
    "strike": STRUCK,
    "del": STRUCK,
    "rt": "pronunciation of the word before",
    "rp": "pronunciation of the word before",
}
_STANDFIRST = re.compile(
    r"(?:^|[\s_-])(?<!with-)(?:standfirst|lede|lead|dek|deck|strap|strapline|chapo|chapeau|entradilla|subtitle|sub-?headline|intro|vorspann|summary|excerpt|teaser-?text)"
    r"(?:$|[\s_])"
)
_HEADING_BLOCK = re.compile(r"(?:^|\s)block-(?:sub_?)?(?:heading|title)(?:$|\s)")
"""Heading fields of Wagtail blocks rendered without a template."""
_CAPTION = re.compile(r"(?:^|[\s_-])(?:captions?|credits?|bildunterschrift|bildtext|legend)(?:$|\s|[_-]text)")
_POST = re.compile(
    r"(?:^|\s)(?:twitter-tweet|twitter-video|instagram-media|tiktok-embed|bluesky-embed|mastodon-embed)(?:$|\s)"
)
_HIDING = re.compile(r"display:none|visibility:hidden")


def names_of(attributes: Mapping[str, str | None]) -> str:
    """Class names and id of an element in lower case; empty if it has none."""
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip().lower()[:1_000]


def kind_of(tag: str, names: str) -> tuple[BlockKind, int] | None:
    """Block kind and heading level for an element; None if the element implies neither."""
    if tag in _HEADINGS:
        return BlockKind.HEADING, int(tag[1])
    if tag in ("figcaption", "figure", "caption") or (names and _CAPTION.search(names)):
        return BlockKind.CAPTION, 0
    if tag == "blockquote":
        return BlockKind.QUOTE, 0
    if tag in ("li", "dt", "dd"):
        return BlockKind.LIST_ITEM, 0
    if tag == "div" and names and _HEADING_BLOCK.search(names):
        return BlockKind.HEADING, 2
    if tag in ("p", "div") and names and _STANDFIRST.search(names):
        return BlockKind.STANDFIRST, 0
    return None


def is_post(names: str) -> bool:
    """Whether the element is an embedded social media post."""
    return bool(names) and _POST.search(names) is not None


def instruction_of(attributes: Mapping[str, str | None]) -> tuple[str, str]:
    """The editors' `data-tts` instruction: ("skip" | "only" | "alias" | "", the alias)."""
    value = (attributes.get("data-tts") or "").strip()
    word, _, rest = value.partition(":")
    word = word.strip().lower()
    if word == "alias" and rest.strip():
        return "alias", rest
    return (word, "") if word in ("skip", "only") and not rest else ("", "")


def element_skip_reason(tag: str, attributes: Mapping[str, str | None], names: str) -> str | None:
    """Why this element's text is not spoken; None if it is."""
    if attributes and instruction_of(attributes)[0] == "skip":
        return EDITORS_SKIP
    if tag in ("html", "body", "article", "main"):
        return None
    if attributes and is_hidden(attributes):
        return "hidden"
    if tag not in _FIELDS and ("placeholder" in attributes or "fallback" in attributes):
        return "shown when media can't play"
    if "line-through" in (attributes.get("style") or "")[:2_000]:
        return STRUCK
    if tag in _HEADINGS:
        # Many systems derive heading ids from the text: id="newsletter" may belong to a chapter of that name.
        names = (attributes.get("class") or "").lower()[:1_000]
    if names and not _CAPTION.search(names) and (reason := reason_by_name(names)):
        return reason
    return None if is_pull_quote(names) else _FURNITURE.get(tag)


def is_hidden(attributes: Mapping[str, str | None]) -> bool:
    """Whether the element's own attributes hide it."""
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style") or ""
    return _HIDING.search("".join(style[:2_000].lower().split())) is not None
