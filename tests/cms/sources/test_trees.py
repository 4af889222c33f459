"""What editors' trees become: every text of theirs, in order, as HTML that the article reader understands."""

from __future__ import annotations

from typing import Any

import pytest

from tests.parts.processor import takes_at_most
from tts_service.article.blocks import read_blocks
from tts_service.cms.sources.markup import Written
from tts_service.cms.sources.portable_text import write_portable_text
from tts_service.cms.sources.rich_text import write_rich_text
from tts_service.cms.sources.strapi_blocks import write_blocks
from tts_service.values import Article, BlockKind, SourceFormat

Node = dict[str, Any]


def blocks_of(written: Written) -> list[tuple[str, str]]:
    article = Article(site="s", external_id="1", source=written.html, source_format=SourceFormat.HTML, language="en")
    return [(block.kind.value, block.text) for block in read_blocks(article).blocks]


def rich(kind: str, *content: Node, **data: Any) -> Node:
    return {"nodeType": kind, "data": data, "content": list(content)}


def said(value: str, *marks: str) -> Node:
    return {"nodeType": "text", "value": value, "marks": [{"type": mark} for mark in marks], "data": {}}


def test_every_kind_of_rich_text_node() -> None:
    cell = rich("table-cell", rich("paragraph", said("4 km")))
    head = rich("table-header-cell", rich("paragraph", said("Length")))
    link = rich("hyperlink", said("the map"), uri="https://gazette.example/map?a=1&b=2")
    tree = rich(
        "document",
        rich("heading-2", said("The line")),
        rich("paragraph", said("It is "), said("steep", "bold", "italic"), said(" & long: see "), link, said(".")),
        rich("ordered-list", rich("list-item", rich("paragraph", said("First stop.")))),
        rich("blockquote", rich("paragraph", said("We like it."))),
        rich("hr"),
        rich("table", rich("table-row", head), rich("table-row", cell)),
        rich("paragraph", rich("entry-hyperlink", said("An older story"), target={}), said("\nis here.")),
        rich("embedded-entry-block", target={}),
        rich("paragraph", said("")),
    )
    written = write_rich_text(tree)
    assert written.left_out == ("embedded-entry-block",)
    assert '<a href="https://gazette.example/map?a=1&amp;b=2">the map</a>' in written.html
    assert "<b><i>steep</i></b>" in written.html
    found = blocks_of(written)
    assert (BlockKind.HEADING.value, "The line") in found
    assert (BlockKind.PARAGRAPH.value, "It is steep & long: see the map.") in found
    assert (BlockKind.LIST_ITEM.value, "First stop.") in found
    assert (BlockKind.QUOTE.value, "We like it.") in found
    text = " ".join(text for _, text in found)
    assert "Length" in text
    assert "4 km" in text
    assert "An older story" in text


def test_rich_text_is_text_not_markup() -> None:
    written = write_rich_text(rich("document", rich("paragraph", said("<script>alert(1)</script> 2 < 3"))))
    assert written.html == "<p>&lt;script&gt;alert(1)&lt;/script&gt; 2 &lt; 3</p>"
    link = rich("hyperlink", said("here"), uri="javascript:alert(1)")
    assert write_rich_text(rich("document", link)).html == "<a>here</a>"


def block(text: str, **more: Any) -> Node:
    return {"_type": "block", "style": "normal", "children": [{"_type": "span", "text": text}], **more}


def test_portable_text_with_lists_in_lists() -> None:
    blocks = [
        block("Before."),
        block("One.", listItem="number", level=1),
        block("One and a half.", listItem="bullet", level=2),
        block("Two.", listItem="number", level=1),
        block("A point.", listItem="bullet", level=1),
        block("After.", style="blockquote"),
        {"_type": "code", "code": "x < 1"},
        {"_type": "image", "caption": "The train"},
        {"_type": "poll"},
    ]
    written = write_portable_text(blocks)
    assert written.html.count("<ol>") == written.html.count("</ol>") == 1
    assert written.html.count("<ul>") == written.html.count("</ul>") == 2
    assert written.left_out == ("poll",)
    texts = [text for _, text in blocks_of(written)]
    in_order = ["Before.", "One.", "One and a half.", "Two.", "A point.", "After.", "x < 1", "The train"]
    assert [text for text in texts if text in in_order] == in_order


def test_a_list_that_begins_deep_and_odd_levels() -> None:
    for level in (0, -1, 99, True, "2", None):
        written = write_portable_text([block("Deep.", listItem="bullet", level=level)])
        assert ("list_item", "Deep.") in blocks_of(written)


def test_strapis_blocks() -> None:
    blocks = [
        {"type": "heading", "level": 3, "children": [{"type": "text", "text": "The line"}]},
        {"type": "heading", "level": 9, "children": [{"type": "text", "text": "Odd"}]},
        {
            "type": "list",
            "format": "ordered",
            "children": [{"type": "list-item", "children": [{"type": "text", "text": "One", "bold": True}]}],
        },
        {"type": "quote", "children": [{"type": "text", "text": "Fine."}]},
        {"type": "image", "image": {"caption": "A bridge", "alternativeText": "x"}},
        {"type": "image", "image": {}},
        {"type": "code", "children": [{"type": "text", "text": "a < b"}]},
    ]
    written = write_blocks(blocks)
    assert written.left_out == ("image",)
    assert written.html == (
        "<h3>The line</h3><h2>Odd</h2><ol><li><b>One</b></li></ol><blockquote>Fine.</blockquote>"
        "<figure><figcaption>A bridge</figcaption></figure><pre><code>a &lt; b</code></pre>"
    )


@pytest.mark.slow
@pytest.mark.parametrize("write", [write_rich_text, write_portable_text, write_blocks])
def test_no_depth_and_no_length_is_too_much(write: Any) -> None:
    leaf: Any = {"nodeType": "text", "type": "text", "_type": "span", "value": "end", "text": "end", "marks": []}
    for _ in range(90):
        leaf = {"nodeType": "unordered-list", "type": "list", "_type": "block", "content": [leaf], "children": [leaf]}
    long = [leaf] * 50 + [
        {
            "nodeType": "paragraph",
            "type": "paragraph",
            "_type": "block",
            "content": [said("a")],
            "children": [{"type": "text", "_type": "span", "text": "a"}],
        }
    ] * 20_000
    tree = {"nodeType": "document", "content": long} if write is write_rich_text else long
    assert takes_at_most(2, lambda: write(tree))
    assert write(tree).html.count("<p>a</p>") == 20_000
