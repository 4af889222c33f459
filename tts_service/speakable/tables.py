"""Word lists and tables of a language, kept as text files in its folder's `data/`.

`words.tsv` has a list a line: its name, a tab, words with a space between them. Other tables have a row a line; a line
that begins with `# ` is a comment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


def rows(folder: str, name: str, *, optional: bool = False) -> Iterator[list[str]]:
    """The rows of `folder/data/name.tsv`, cut at their tabs; `folder` "" holds what all languages share.

    Raises FileNotFoundError unless the table is `optional`: then it has no rows."""
    path = _FOLDER / folder / "data" / f"{name}.tsv"
    if optional and not path.exists():
        return
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("# "):
            yield line.split("\t")


def pairs(folder: str, name: str) -> dict[str, str]:
    """A table of two columns."""
    return dict(rows(folder, name))


def dotted(folder: str, name: str) -> frozenset[str]:
    """The short forms of a table as sentence ends know them: lower case, without their last dot."""
    return frozenset(written[:-1].lower() for written in pairs(folder, name) if written.endswith("."))


@cache
def words(folder: str) -> Mapping[str, frozenset[str]]:
    """The word lists of a folder by name."""
    return {name: frozenset(listed.split()) for name, listed in rows(folder, "words")}


def series(folder: str, name: str) -> tuple[str, ...]:
    """A word list in its order, such as the months."""
    return tuple(pairs(folder, "words")[name].split())
