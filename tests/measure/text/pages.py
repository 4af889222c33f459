"""How much of a page's true text is read, and how much beside it: `python -m tests.measure.text.pages FOLDER`.

FOLDER holds pairs: NAME.html and its true text, NAME.txt (a paragraph a line) or NAME.json (key "text" or
"articleBody"). Each page gives precision, recall and F1; the figures are means over the pages.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.measure.figures import Figure, exact
from tests.parts.places import DATA
from tts_service.article.blocks import read_blocks
from tts_service.errors import EmptyArticle
from tts_service.values import Article, BlockKind, SourceFormat

SHINGLE = 4
"""Words in a row that are compared at once; it is the usual measure of page extraction."""
Score = tuple[float, float, float]
"""Precision, recall, F1."""


def score(folder: Path, extract: Callable[[str], str] | None = None, width: int = SHINGLE) -> Score:
    """Means over the pages of a folder: (precision, recall, F1).

    Args:
        folder: pairs of pages and their true text.
        extract: a page's HTML -> its text; None: ours.
        width: words of a shingle; 1: words alone, in any order.
    """
    got = [compare((extract or our_text)(html), true, width) for _, html, true in pairs(folder)]
    if not got:
        raise SystemExit(f"{folder} holds no pair NAME.html with NAME.txt or NAME.json.")
    precision, recall, f1 = (sum(column) / len(got) for column in zip(*got, strict=True))
    return precision, recall, f1


def pairs(folder: Path) -> Iterator[tuple[str, str, str]]:
    """(name, HTML, true text) of each page."""
    for page in sorted(folder.glob("*.html")):
        html = page.read_bytes().decode("utf-8", "replace")
        if (text := page.with_suffix(".txt")).exists():
            yield page.stem, html, text.read_text("utf-8")
        elif (text := page.with_suffix(".json")).exists():
            fields = json.loads(text.read_text("utf-8"))
            yield page.stem, html, fields.get("articleBody") or fields.get("text") or ""


def compare(text: str, true: str, width: int) -> Score:
    """Precision, recall and F1 of a text by its shingles."""
    found, wanted = _shingles(text, width), _shingles(true, width)
    both = (found & wanted).total()
    precision = both / found.total() if found else float(not wanted)
    recall = both / wanted.total() if wanted else float(not found)
    return precision, recall, 2 * precision * recall / (precision + recall) if both else float(found == wanted)


def _shingles(text: str, width: int) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    if len(words) < width:
        return Counter([tuple(words)] if words else [])
    return Counter(tuple(words[i : i + width]) for i in range(len(words) - width + 1))


def our_text(html: str, *, headline: bool = False) -> str:
    """What is spoken of a page as text: tables are announced, captions skipped; the headline is no part of the body."""
    article = Article(site="s", external_id="1", source=html, source_format=SourceFormat.HTML, read_as="page")
    try:
        blocks = read_blocks(article).blocks
    except EmptyArticle:
        return ""
    said = (block for block in blocks if block.spoken and block.announcement is None)
    return "\n".join(block.text for block in said if headline or block.kind is not BlockKind.HEADLINE)


def trafilatura_text(html: str) -> str:
    """What trafilatura alone takes for the article, as it is usually called."""
    import trafilatura

    return trafilatura.extract(html, include_comments=False) or ""


def own_pages() -> Iterator[Figure]:
    """F1 of our golden pages and fields, each read as it was received, beside what an editor wrote down of it."""
    got = []
    for written in sorted((DATA / "articles").glob("*.blocks.json")):
        page = written.with_name(written.name.replace(".blocks.json", ".html"))
        if not page.exists():
            continue
        want = json.loads(written.read_text("utf-8"))
        article = Article(
            site="s",
            external_id="1",
            source=page.read_text("utf-8"),
            source_format=SourceFormat.HTML,
            **want["article"],
        )
        blocks = read_blocks(article).blocks
        said = "\n".join(block.text for block in blocks if block.spoken and block.announcement is None)
        kept = [block for block in want["blocks"] if not block.keys() & {"skip_reason", "announcement"}]
        got.append(compare(said, "\n".join(block["text"] for block in kept), SHINGLE)[2])
    yield exact(
        name=f"own pages: F1 of {SHINGLE}-word shingles",
        value=sum(got) / len(got),
        target=0.985,
        sense="≥",
        note=f"{len(got)} pages and fields",
    )


def figures(folder: Path) -> Iterator[Figure]:
    """F1 of what is read of a folder's pages, beside trafilatura alone."""
    count = len(list(pairs(folder)))
    for name, extract, target in (("ours", our_text, 0.96), ("trafilatura alone", trafilatura_text, None)):
        precision, recall, f1 = score(folder, extract)
        yield exact(
            name=f"outside pages: {name}, F1 of {SHINGLE}-word shingles",
            value=f1,
            target=target,
            sense="≥",
            note=f"{count} pages, precision {precision:.3f}, recall {recall:.3f}",
        )


def main() -> None:
    folder = Path(sys.argv[1])
    ways: dict[str, Callable[[str], str]] = {
        "ours": our_text,
        "ours with headline": lambda html: our_text(html, headline=True),
        "trafilatura": trafilatura_text,
    }
    print(f"{len(list(pairs(folder)))} pages of {folder}")
    for name, extract in ways.items():
        for width in (SHINGLE, 1):
            precision, recall, f1 = score(folder, extract, width)
            unit = f"{width}-word shingles" if width > 1 else "words"
            print(f"{name:20} {unit:18} precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}")


if __name__ == "__main__":
    main()
