"""Articles of `make closed`, and what every CMS of its table offers: webhooks for each state, and API answers."""

from __future__ import annotations

import json
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any, Protocol

from tests.measure.cms.driver import STATES

CLOSED = STATES[1:]
"""Every state in which nobody may hear an article."""
MAIN = "main"
"""The hook that most webhooks go to."""
LANGUAGES = ("en", "de")
_REST = "It carried eleven people and two bicycles, and it came back after dark because its lamp had gone out."
"""So that there are words enough to know a text again by."""
_LETTERS = string.ascii_lowercase


@dataclass(slots=True, kw_only=True)
class Written:
    """An article as its CMS has it."""

    id: str
    slug: str
    """Part of its address; unique in the table."""
    url: str
    title: str
    word: str
    """Stands in its public text only."""
    secret: str
    """Stands in what was written after it was public, and mustn't be heard."""
    locale: str = ""
    """Its language, where the CMS keeps language versions in one document."""
    state: str = "public"
    before: str = ""
    """The state that it was in before; empty: it is new."""
    changed_ms: int = 0
    """Time of its last change, by the CMS's clock."""
    revision: int = 1
    edited: bool = False
    """Whether the text that lies in the CMS is the one nobody may hear yet."""
    versions: list[Written] = field(default_factory=list)
    """Every language version of its document, itself among them."""

    @property
    def text(self) -> str:
        """What the CMS has as its text now."""
        if self.edited:
            return f"Nobody was told of the {self.secret} in the cellar. {_REST}"
        return f"The ferry {self.word} left the pier at noon. {_REST}"

    @property
    def html(self) -> str:
        return f"<p>{self.text}</p>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A webhook before it is signed."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    hook: str = MAIN


class Paper(Protocol):
    """A CMS as its documentation describes it."""

    source: str
    reasons: Mapping[str, str]
    """Why it can't express a state, by state; a state that isn't named here can be expressed."""
    final: frozenset[str]
    """States that end a document: what is published afterwards is another one, at the same address."""
    apart: bool
    """Whether a translation is a document of its own."""
    unseen: Mapping[str, str]
    """States that neither its API nor its pages show, with the reason: a lost webhook can't be made up for."""

    def options(self, address: str) -> Mapping[str, Mapping[str, Any]]:
        """Options of its hooks by the hook's name; `address`: of its site and API."""

    def new_id(self) -> str:
        """An id as this CMS gives them."""

    def public(self, article: Written) -> list[Said]:
        """What it sends when the article is published, or changed while it is public."""

    def closed(self, article: Written, state: str) -> list[Said]:
        """What it sends when the article comes into a state; `article` is in that state already."""

    def page(self, state: str) -> str:
        """What strangers get at the article's address: gone, removed, login, form, teaser, forbidden."""

    def answer(self, path: str, articles: Mapping[str, list[Written]]) -> tuple[int, Any] | None:
        """What its API answers; None: it has no such path. `articles`: by id."""


def words() -> Iterator[str]:
    """Words that stand nowhere else."""
    for number in count():
        spelled = "".join(_LETTERS[number // 26**place % 26] for place in range(3))
        yield f"quor{spelled}zanth"


def iso(ms: int, *, whole: bool = False) -> str:
    """A time as most CMSs write it; `whole`: in whole seconds."""
    at = datetime.fromtimestamp(ms // 1000 if whole else ms / 1000, UTC)
    return at.isoformat(timespec="seconds" if whole else "milliseconds").replace("+00:00", "Z")


def mysql(ms: int) -> str:
    """A time as WordPress writes it: UTC, without a zone."""
    return datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def bare(data: Any) -> bytes:
    """JSON without blanks."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def visible_in(articles: Mapping[str, list[Written]], found: str, locale: str = "") -> Written | None:
    """The language version of a document that is there, else None."""
    there = [one for one in articles.get(found, ()) if one.state not in ("trash", "locale removed")]
    if locale:
        return next((one for one in there if one.locale == locale), None)
    return there[0] if there else None
