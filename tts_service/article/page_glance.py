"""A page as an anonymous reader sees it: headings, amount of text, password fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tts_service.article.clean import one_line
from tts_service.article.elements import is_hidden, names_of
from tts_service.article.extraction import words_of
from tts_service.article.furniture import same_headline
from tts_service.article.pieces import listed

MAX_NODES = 300_000
"""Maximum nodes of a page examined."""
MAX_HEADINGS = 20
_UNSEEN = listed("script style template noscript head svg math iframe select textarea object canvas")
_BESIDE = listed("header nav footer aside dialog menu search")
"""Elements whose text and forms are not part of the article."""
_BESIDE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:modal|popup|pop-up|offcanvas|off-canvas|drawer|dropdown|flyout|lightbox|overlay|sidebar|widget|"
    r"widgets|header|topbar|navbar|nav|menu|footer|comments?|comment-respond|respond|newsletter|cookie|cookies)"
    r"(?:$|[\s_-])"
)
_USER = re.compile(r"user|log$|login|email|e-mail|mail|benutzer|kennung|identifiant|usuario|correo|name$")


@dataclass(slots=True)
class PasswordForm:
    """A form that asks for a password, or password fields outside any form."""

    action: str
    beside: bool
    """In a header, in a box next to the article, or hidden."""
    passwords: int = 0
    users: int = 0
    """Number of user name and email fields."""


@dataclass(slots=True)
class Glance:
    """The visible content of a page."""

    title: str = ""
    """Text of `<title>`."""
    headings: list[str] = field(default_factory=list)
    """Its h1 headings; its h2 headings if there is no h1."""
    has_headline: bool = False
    """Whether there is an h1."""
    words: int = 0
    """Words outside links, forms, headers and boxes next to the article."""
    forms: list[PasswordForm] = field(default_factory=list)
    """Forms that ask for a password."""
    steady: bool = False
    """Contains the marker with which Steady ends the free text."""

    def shows(self, title: str | None) -> bool:
        """Whether one of its headings matches this title."""
        return bool(title) and any(same_headline(heading, title or "") for heading in self.headings)

    def names(self, title: str | None) -> bool:
        """Whether a heading or `<title>` matches this title."""
        return self.shows(title) or bool(title and self.title and same_headline(self.title, title))

    def called(self, pattern: re.Pattern[str]) -> bool:
        """Whether its title, part of it, or a heading matches the pattern as a whole line."""
        lines = [*re.split(r" [|·•»«–—-] | :: ", self.title[:300]), *self.headings[:3]]
        return any(pattern.fullmatch(line.strip()) for line in lines)


@dataclass(frozen=True, slots=True)
class _Around:
    """State inside an element."""

    node: int
    beside: bool
    hidden: bool
    link: bool
    form: PasswordForm | None


def glance_at(tree: LexborHTMLParser) -> Glance:
    """Summarises a parsed page."""
    found = Glance()
    title = tree.css_first("title")
    found.title = one_line(title.text())[:1_000] if title is not None else ""
    if tree.body is not None:
        forms = _walk(tree.body, found)
        found.forms = [form for form in forms if form.passwords]
    found.headings = _headings(tree, "h1")
    found.has_headline = bool(found.headings)
    found.headings = found.headings or _headings(tree, "h2")
    return found


def _headings(tree: LexborHTMLParser, tag: str) -> list[str]:
    return [line for node in tree.css(tag)[:MAX_HEADINGS] if (line := one_line(node.text())[:500])]


def _walk(root: LexborNode, found: Glance) -> Sequence[PasswordForm]:
    """Reads the page node by node, iteratively, so that deep trees don't overflow the stack."""
    stack = [_Around(root.mem_id, False, False, False, None)]
    forms: list[PasswordForm] = []
    loose = PasswordForm("", False)
    node: LexborNode | None = root.child
    for _ in range(MAX_NODES):
        if node is None:
            break
        child = _enter(node, stack, found, forms, loose)
        if child is not None:
            node = child
            continue
        while node is not None and node.mem_id != root.mem_id:
            if stack[-1].node == node.mem_id:
                stack.pop()
            if node.next is not None:
                node = node.next
                break
            node = node.parent
        else:
            break
    return [*forms, loose]


def _enter(
    node: LexborNode, stack: list[_Around], found: Glance, forms: list[PasswordForm], loose: PasswordForm
) -> LexborNode | None:
    """Reads a node; returns its first child if its content still has to be read."""
    tag, around = node.tag or "", stack[-1]
    if tag == "-text":
        if not (around.beside or around.hidden or around.link or around.form):
            text = node.text_content or ""
            found.words += len(words_of(text))
            found.steady = found.steady or "___STEADY_PAYWALL___" in text
        return None
    if tag in _UNSEEN or tag.startswith(("-", "!")):
        return None
    attributes = node.attributes or {}
    if tag == "input":
        _take_field(attributes, around, loose)
        return None
    if node.child is None:
        return None
    names = names_of(attributes) if attributes else ""
    beside = around.beside or tag in _BESIDE or (tag not in ("main", "article") and _is_beside(names))
    hidden = around.hidden or (bool(attributes) and is_hidden(attributes))
    form = around.form
    if tag == "form":
        form = PasswordForm((attributes.get("action") or "")[:500], beside or hidden)
        forms.append(form)
    stack.append(_Around(node.mem_id, beside, hidden, around.link or tag in ("a", "button", "label"), form))
    return node.child


def _is_beside(names: str) -> bool:
    return bool(names) and _BESIDE_NAMES.search(names) is not None


def _take_field(attributes: dict[str, str | None], around: _Around, loose: PasswordForm) -> None:
    """Counts a form's fields; fields outside any form are counted for the page."""
    form = around.form
    if form is None:
        if around.beside or around.hidden:
            return
        form = loose
    kind = (attributes.get("type") or "text").strip().lower()
    if kind == "password":
        form.passwords += 1
    elif kind == "email" or (
        kind in ("text", "tel") and _USER.search((attributes.get("name") or attributes.get("id") or "").lower())
    ):
        form.users += 1
