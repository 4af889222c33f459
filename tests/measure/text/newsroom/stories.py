"""The stories and the wording of boxes that pages are made of, from `tests/data/newsroom`."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tests.parts.places import DATA

NEWSROOM = DATA / "newsroom"
LANGUAGES = ("en", "de", "fr", "es", "it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a story."""

    kind: str
    """p, h (heading), li, quote, q (question), a (answer), box (heading of a box that is part of the text)."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article that is read aloud in full: headline, standfirst and every line."""

    headline: str
    author: str
    standfirst: str
    lines: tuple[Line, ...]


@lru_cache
def stories(language: str) -> tuple[Story, ...]:
    """The stories in a language."""
    text = (NEWSROOM / f"{language}.stories.txt").read_text("utf-8").partition("\n")[2]
    return tuple(map(_story, text.strip().split("\n\n")))


@lru_cache
def wordings(language: str, *, unknown: bool = False) -> dict[str, list[list[str]]]:
    """Kind of box -> its wordings, each a list of the texts in it. `unknown`: those that no phrase was written after,
    for the kinds that have some."""
    known = wordings(language) if unknown else {}
    return {**known, **_table(NEWSROOM / f"{language}.{'unknown' if unknown else 'boxes'}.tsv")}


def _table(path: Path) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as table:
        for kind, *texts in csv.reader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            found[kind].append(texts)
    return dict(found)


def _story(text: str) -> Story:
    parts = [line.split(": ", 1) for line in text.splitlines()]
    head = dict(parts[:3])
    lines = tuple(Line(kind=kind, text=said) for kind, said in parts[3:])
    return Story(headline=head["headline"], author=head["author"], standfirst=head["standfirst"], lines=lines)
