"""Tells words for readers from what editors enter for the page's machinery. Nothing here needs Django."""

from __future__ import annotations

import re

_MACHINERY = frozenset(
    re.findall(
        r"\w+",
        "id ids uid uuid key ref anchor slug url urls uri link href src path email mail phone class "
        "classes classname css style styles variant theme layout template align alignment size width "
        "height ratio color colour background icon target lang locale code type kind mode tag html_id order "
        "weight embed video audio",
    )
)
_HEADINGS = frozenset(("heading", "headline", "title", "subtitle", "subheading", "subhead", "header"))
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//\S+|mailto:\S+|\S+@\S+\.\S+|www\.\S+|/\S*", re.IGNORECASE)
_TOKEN = re.compile(r"(?=\S*[\d_#/\\-])[\w#./\\-]+")
_FILE = re.compile(r"\S+\.(?:jpe?g|png|gif|webp|avif|svg|heic|tiff?|pdf|mp[34]|webm)", re.IGNORECASE)


def is_machinery(name: str) -> bool:
    """Whether a block of this name holds something other than text, such as `link_url` or `css_class`."""
    words = re.split(r"[_\W]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
    return words[-1] in _MACHINERY


def is_heading(name: str) -> bool:
    """Whether a block of this name holds a heading."""
    return re.split(r"[_\W]+", name.lower())[-1] in _HEADINGS


def is_words(value: str) -> bool:
    """Whether a reader would read this: no address, no file name, no identifier."""
    value = value.strip()
    if not re.search(r"[^\W\d_]", value):
        return bool(re.fullmatch(r"[\d\s.,:/%+–-]+", value)) and " " in value
    return not (_ADDRESS.fullmatch(value) or _FILE.fullmatch(value) or _is_identifier(value))


def _is_identifier(value: str) -> bool:
    """One token with digits or marks in it, such as `sec-4a` or `IMG_2041`; `Zürich-West` and `mid-2025` are words."""
    if not _TOKEN.fullmatch(value):
        return False
    parts = re.split(r"[-/]", value)
    plain = all(re.fullmatch(r"[^\W\d_]{2,}\d?|\d{1,4}", part) for part in parts)
    slug = value == value.lower() and len(parts) > 2 and any(part.isdigit() for part in parts)
    return not plain or slug
