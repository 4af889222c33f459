"""Bad input: broken, huge, deep or empty sources end in blocks or in one clear error, and never take long."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.parts.processor import takes_at_most
from tts_service.article.blocks import ReadArticle, read_blocks
from tts_service.article.pieces import MAX_PIECES
from tts_service.engines.voices.registry import Registry
from tts_service.errors import EmptyArticle, NothingToSpeak, TooLarge
from tts_service.narration import prepare
from tts_service.settings import Settings
from tts_service.values import Article, SourceFormat

pytestmark = pytest.mark.slow

SIZES = {"fragment": 100_000, "page": 25_000}
"""Characters of each hostile source. Of more than 8 000 tags trafilatura sees nothing, so that pages cost no more."""
ATOMS = (
    "<div>",
    "<b>",
    "<i></b>",
    "<p>word",
    "<table><tr><td>",
    "<table><tr><td>a</td></tr></table>",
    "<td colspan=9007199254740991>x",
    "<a href=x>y</a> ",
    "<p class='related share nav'>z",
    "<span data-tts='alias:q'>e</span>",
    "<i data-tts=alias:x>&#769;</i>",
    "&#8203;",
    "&#x202e;a",
    "<!--",
    "<script>",
    "<textarea>",
    "<",
    "&",
    "<a ",
    '<a b="',
    "<sup><a>1</a></sup>",
    "<span class=sr-only>h</span>",
    "<br><br>word",
    "<svg>",
    "<noscript>a</noscript>",
    "<select><option>a",
    "<ul><li>",
    "a",
    "\u0301",
    "ü ",
    "\n\n",
    "<p lang=de>x",
    "<figure><table><tr><th>a<td>b</table><figcaption>c</figcaption></figure>",
    "<p data-tts=only>a",
    "<plaintext>",
    "<p>" + "word " * 50,
    "<h1>t</h1>",
    "<article><h1>a</h1><p>A sentence of seven words stands here.</p></article>",
)


def read(source: str, kind: str = "html", **more: Any) -> ReadArticle:
    fields = {"language": "en", **more}
    return read_blocks(Article(site="s", external_id="1", source=source, source_format=SourceFormat(kind), **fields))


def tried(source: str, kind: str = "html", **more: Any) -> None:
    """Reads it, or refuses it with a reason."""
    with suppress(EmptyArticle, TooLarge):
        read(source, kind, **more)


@pytest.mark.parametrize("read_as", ["fragment", "page"])
@pytest.mark.parametrize("atom", ATOMS)
def test_no_html_takes_long(atom: str, read_as: str) -> None:
    source = (atom * SIZES[read_as])[: SIZES[read_as]]
    assert takes_at_most(4, lambda: tried(source, read_as=read_as))


@pytest.mark.parametrize("atom", ["[a", "![", "> ", "- ", "*a ", "`", "|a", "\\", "&#", "<a ", "1. ", "[[", "a\n", "#"])
def test_no_markdown_takes_long(atom: str) -> None:
    source = (atom * 50_000)[:50_000]
    assert takes_at_most(3, lambda: tried(source, "markdown"))


def test_deeper_than_any_parser_reads_no_text_is_lost() -> None:
    for source in (
        "<div>" * 100_000 + "deep down",
        "<i></b>" * 50_000 + "deep down",
        "<ul><li>" * 30_000 + "deep down",
    ):
        got = read(source)
        assert [block.text for block in got.blocks] == ["deep down"]
        assert got.lost.characters == 0


def test_a_table_of_nine_quadrillion_columns_is_a_table() -> None:
    table = "<table><tr><th colspan=9007199254740991>Wide</th></tr><tr><td>1</td><td>2</td></tr></table>"
    page = f"<html><body><h1>T</h1><p>{'A sentence of a page. ' * 20}</p>{table}<p>And it goes on below it.</p></body>"
    assert [block.announcement for block in read(page).blocks if block.kind == "table"] == ["There is a table here."]


@pytest.mark.parametrize(
    "source",
    ["", "<html><body></body></html>", "<body><script>x()</script></body>", "<p>\u200b&#8203;</p>", "<!-- x -->"],
)
def test_a_source_without_text_is_empty(source: str) -> None:
    with pytest.raises(EmptyArticle):
        read(source)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("Share\n\nRelated stories\n\nOne link", "text"),
        ("<nav>Home</nav><p>Share</p><p>Teilen</p>", "html"),
        ("<p data-tts=skip>Everything.</p>", "html"),
        ("```\ncode only\n```", "markdown"),
    ],
)
def test_only_furniture_ends_with_the_account(source: str, kind: str, tmp_path: Path) -> None:
    article = Article(site="s", external_id="1", source=source, source_format=SourceFormat(kind), language="en")
    with pytest.raises(NothingToSpeak) as caught:
        prepare(article, Registry(Settings(data_dir=tmp_path)))
    assert caught.value.details["account"]
    assert all(line["reason"] for line in caught.value.details["account"])


def test_a_word_of_a_hundred_kilobytes_is_one_block() -> None:
    word = "y" * 100_000
    for source, kind in ((f"<p>{word}</p>", "html"), (word, "text"), (word, "markdown")):
        got = read(source, kind)
        assert [len(block.text) for block in got.blocks] == [100_000]
        assert got.lost.characters == 0


def test_what_nobody_sees_is_dropped_however_it_is_written() -> None:
    got = read("<p>a\u202eb&#x202e;c&#8203;d&shy;e\u200b</p><p>&#xfeff;</p><p>f&#0;g &#xd800;h</p>")
    assert got.blocks[0].text == "abcde"
    assert got.dropped == 5
    assert got.lost.characters == 0


def test_more_pieces_than_any_article_has_are_refused() -> None:
    for source, kind in (("<p>a" * (MAX_PIECES + 2), "html"), ("a\n\n" * (MAX_PIECES + 2), "text")):
        with pytest.raises(TooLarge, match="in parts"):
            read(source, kind)


@pytest.mark.parametrize("error", [MemoryError, RecursionError, ValueError, OverflowError])
def test_a_page_is_read_when_the_extraction_fails(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    import trafilatura

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(trafilatura, "extract", fail)
    menu = "<div><a href=a>News</a> <a href=b>Weather</a></div>"
    text = "".join(f"<p>Sentence number {number} of a text that nobody else could read.</p>" for number in range(6))
    got = read(f"<html><body>{menu}<div>{text}</div></body></html>")
    assert [block.spoken for block in got.blocks] == [False, *[True] * 6]


@pytest.mark.parametrize(
    "data",
    [
        "{",
        "[" * 100_000,
        "null",
        "[1, 2]",
        '{"headline": 5, "author": [[]]}',
        '{"@graph": {"headline": "x"}}',
        "\ud800",
    ],
)
def test_a_pages_data_for_machines_may_be_broken(data: str) -> None:
    page = f'<html><head><script type="application/ld+json">{data}</script></head><body><p>A sentence of it.</p></body>'
    assert [block.text for block in read(page).blocks] == ["A sentence of it."]
