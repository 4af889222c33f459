"""Parts of Markdown files that CommonMark doesn't know: front matter and footnotes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

MAX_FRONT = 20_000
"""Maximum characters of front matter."""
_FRONT = re.compile(r"\s{0,20}(?P<fence>---|\+\+\+)[ \t]*\n(?P<fields>.*?)\n(?P=fence)[ \t]*(?:\n|$)", re.DOTALL)
_FIELD = re.compile(r"[A-Za-z_][\w.-]{0,40}\s{0,4}[:=]")
_TITLE = re.compile(r"^title\s{0,4}[:=]\s{0,4}([\"']?)(?P<title>[^\n]{1,400}?)\1[ \t]*$", re.MULTILINE | re.IGNORECASE)
_NOTE = re.compile(
    r"^ {0,3}\[\^(?P<name>[^\]\s]{1,40})\]:[ \t]*(?P<text>[^\n]*(?:\n(?:[ \t]{2,}[^\n]+|(?=\n[ \t]{2,}\S)))*)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """The fields before a text, and the text."""

    fields: str
    title: str | None
    rest: str


def front_matter(source: str) -> FrontMatter:
    """Splits a source into its front matter, if it begins with one, and the text behind it."""
    found = _FRONT.match(source[:MAX_FRONT])
    if found is None or not _FIELD.match(found["fields"].lstrip()):
        return FrontMatter(fields="", title=None, rest=source)
    title = _TITLE.search(found["fields"])
    return FrontMatter(
        fields=found["fields"], title=title["title"].strip() if title else None, rest=source[found.end() :]
    )


def with_notes(source: str) -> str:
    """The source with its footnotes as HTML at its end, and their marks as raised links; unknown marks stay."""
    notes = {found["name"]: found["text"] for found in _NOTE.finditer(source)}
    if not notes:
        return source
    marks = re.compile("|".join(re.escape(f"[^{name}]") for name in sorted(notes, key=len, reverse=True)))
    text = marks.sub(
        lambda mark: f'<sup><a href="#note">{escape(mark.group()[2:-1][:6])}</a></sup>', _NOTE.sub("", source)
    )
    items = "".join(f"<p>{escape(' '.join(note.split()))}</p>" for note in notes.values())
    return f'{text}\n\n<div class="footnotes">{items}</div>\n'
