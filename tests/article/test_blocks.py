"""Received -> blocks: nothing lost, nothing spoken that isn't the article's, a reason for everything skipped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parts.examples import examples
from tests.parts.places import DATA, ROOT
from tests.parts.processor import takes_at_most
from tts_service.article.account import account
from tts_service.article.blocks import ReadArticle, read_blocks
from tts_service.article.clean import clean
from tts_service.article.language import detect, tidy_tag
from tts_service.errors import EmptyArticle
from tts_service.values import Article, BlockKind, SourceFormat

DATA = DATA / "articles"
SAMPLES = ROOT / "samples" / "articles"


def read(source: str, kind: str = "html", *, title: str | None = None, language: str | None = "en") -> ReadArticle:
    return read_blocks(
        Article(
            site="s", external_id="1", source=source, source_format=SourceFormat(kind), title=title, language=language
        )
    )


def spoken(got: ReadArticle) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in got.blocks if block.spoken]


def skipped(got: ReadArticle) -> list[tuple[str | None, str]]:
    return [(block.skip_reason, block.text) for block in got.blocks if not block.spoken]


def test_a_fragment_keeps_every_piece_with_its_kind() -> None:
    got = read(
        "<h2>Head</h2><p class='standfirst'>First.</p><p>One <em>two</em> three.</p>"
        "<ul><li>a<ul><li>b</li></ul>c</li></ul>"
        "<blockquote><p>Quote.</p></blockquote>Loose<br><br>text"
    )
    assert got.how == "fragment"
    assert spoken(got) == [
        ("heading", "Head"),
        ("standfirst", "First."),
        ("paragraph", "One two three."),
        ("list_item", "a"),
        ("list_item", "b"),
        ("list_item", "c"),
        ("quote", "Quote."),
        ("paragraph", "Loose"),
        ("paragraph", "text"),
    ]


def test_what_is_not_spoken_is_named_with_its_reason() -> None:
    got = read(
        "<p>Text.</p><figure><figcaption>Cap</figcaption></figure><table><tr><td>1</td><td>2</td></tr></table>"
        "<pre>x = 1</pre><nav>Menu</nav><p data-tts='skip'>Not this.</p><p hidden>Nor this.</p><script>evil()</script>"
        "<p>A mark<sup><a href='#n'>3</a></sup> here.</p><p>***</p>"
    )
    assert skipped(got) == [
        ("caption", "Cap"),
        ("code", "x = 1"),
        ("navigation", "Menu"),
        ("marked by the editors: not to be spoken", "Not this."),
        ("hidden", "Nor this."),
        ("footnote mark", "3"),
        ("marks only, nothing to say", "***"),
    ]
    assert spoken(got) == [("paragraph", "Text."), ("table", "1 2"), ("paragraph", "A mark here.")]


@pytest.mark.parametrize(
    ("title", "source"),
    [
        ("The quay is open again", "<h1>The quay is open again</h1><p>Text.</p>"),
        (
            "The quay is open again",
            "<h1>The Quay Is Open Again!</h1><h1>The quay is open again | Post</h1><p>Text.</p>",
        ),
        ("The quay is open again", "<p>Text.</p>"),
    ],
)
def test_the_headline_is_said_once(title: str, source: str) -> None:
    got = read(source, title=title)
    assert [block.kind for block in got.blocks if block.spoken] == [BlockKind.HEADLINE, BlockKind.PARAGRAPH]


def test_a_page_gives_its_article_and_its_facts() -> None:
    got = read((DATA / "page.html").read_text("utf-8"), language=None)
    facts = (got.how, got.title, got.author, got.url, got.language, got.published)
    assert facts == (
        "page",
        "Clock tower keeps its old bell",
        "Ruth Avery",
        "https://post.example/news/clock-tower",
        "en-GB",
        "2026-01-14T07:30:00+00:00",
    )
    assert [kind for kind, _ in spoken(got)] == [
        "headline",
        "standfirst",
        "paragraph",
        "heading",
        "paragraph",
        "quote",
        "paragraph",
        "paragraph",
    ]
    assert {reason for reason, _ in skipped(got)} >= {
        "navigation",
        "cookie notice",
        "caption",
        "newsletter",
        "footer",
        "links to other articles",
    }
    assert not any("never spoken" in block.text for block in got.blocks)


def test_markdown_is_read_by_its_structure() -> None:
    source = "# Head\n\nPara *one*\nwrap.\n\n- a\n- b\n\n> quote\n\n```\ncode\n```\n\n|a|b|\n|-|-|\n|1|2|\n"
    got = read(source, "markdown")
    assert spoken(got) == [
        ("headline", "Head"),
        ("paragraph", "Para one wrap."),
        ("list_item", "a"),
        ("list_item", "b"),
        ("quote", "quote"),
        ("table", "a b 1 2"),
    ]
    assert skipped(got) == [("code", "code")]


def test_wrapped_lines_of_plain_text_are_one_paragraph() -> None:
    lines = (
        "The harbour was opened on a Monday in the rain, and\n"
        "nobody on the quay seemed to mind, or not so much that\nthey went home."
    )
    assert spoken(read(f"A headline here\n\n{lines}\n\n- one\n- two", "text")) == [
        ("headline", "A headline here"),
        ("paragraph", lines.replace("\n", " ")),
        ("list_item", "one"),
        ("list_item", "two"),
    ]


def test_invisible_characters_are_dropped_and_counted() -> None:
    assert clean("a\x00b\ud800c\u202ed\u200be\ufeff\xad") == ("abcde", 6)
    assert clean("e\u0301") == ("é", 0)
    assert clean("a" + "\u0301" * 50)[1] == 46
    assert clean("👩\u200d🚀 a\u200db")[0] == "👩\u200d🚀 ab"
    assert read("<p>a\x00b</p>").dropped == 1


@pytest.mark.parametrize(("source", "kind"), [("", "text"), ("  \n ", "text"), ("<p> </p>", "html"), ("", "markdown")])
def test_an_article_without_text_is_refused(source: str, kind: str) -> None:
    with pytest.raises(EmptyArticle):
        read(source, kind)


def test_only_furniture_is_all_skipped() -> None:
    got = read("Share\n\nRelated stories\n\nOne link\n\nAnother link", "text")
    assert spoken(got) == []
    assert len(got.account) == 4


@pytest.mark.slow
def test_deep_nesting_loses_no_text_and_no_time() -> None:
    source = "<div>" * 100_000 + "deep down"
    assert [text for _, text in spoken(read(source))] == ["deep down"]
    assert takes_at_most(3, lambda: read(source))


def test_language_given_found_in_metadata_or_in_the_words() -> None:
    text = "Der Hafen ist seit Montag wieder offen, und niemand am Kai hatte etwas gegen den Regen."
    assert detect(text) == "de"
    assert detect("OK") is None
    assert tidy_tag("de_at") == "de-AT"
    assert tidy_tag("?") is None
    assert read(f"<p>{text}</p>", language=None).language == "de"
    assert read(f"<p>{text}</p>", language="fr-CA").language == "fr-CA"
    assert read(f"<html lang='nl'><body><p>{text}</p></body></html>", language=None).language == "nl"


WORDS = st.lists(
    st.sampled_from(["ab", "Share", "ef.", "gh!", "x1", "ü", "中", "&", "&amp;", "12"]), min_size=1, max_size=6
).map(" ".join)
TREES = st.recursive(
    WORDS,
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(
            [
                "p",
                "div",
                "ul",
                "li",
                "blockquote",
                "h2",
                "em",
                "a",
                "span",
                "figure",
                "figcaption",
                "aside",
                "nav",
                "pre",
            ]
        ),
        st.lists(inner, min_size=1, max_size=4),
    ),
    max_leaves=12,
)


@pytest.mark.slow
@settings(max_examples=examples(150), deadline=None)
@given(TREES)
def test_every_character_of_a_fragment_is_in_a_block(tree: str) -> None:
    import re

    visible = re.sub(r"\s", "", re.sub(r"<[^>]*>", "", tree).replace("&amp;", "&"))
    got = read(tree)
    assert sorted("".join("".join(block.text.split()) for block in got.blocks)) == sorted(visible)
    for block, line in zip(got.blocks, account(got.blocks), strict=True):
        assert line["characters"] == len(block.text)
        assert line["spoken"] == (len(block.text) if block.spoken else 0)
        assert block.spoken == (block.skip_reason is None) == (line["reason"] is None)


@pytest.mark.slow
@settings(max_examples=examples(150), deadline=None)
@given(st.text(max_size=200))
def test_every_character_of_a_plain_text_is_in_a_block(text: str) -> None:
    seen, _ = clean(text)
    try:
        got = read(text, "text")
    except EmptyArticle:
        assert not seen.strip()
        return
    letters = [character for character in seen if character.isalpha()]
    assert [c for block in got.blocks for c in block.text if c.isalpha()] == letters


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_the_samples_become_these_blocks(path: Path) -> None:
    fields = json.loads(path.read_text("utf-8"))
    kind = next(kind for kind in SourceFormat if kind in fields)
    got = read(fields[kind], kind, title=fields.get("title"), language=fields.get("language"))
    blocks = [[block.kind.value, block.skip_reason, block.text] for block in got.blocks]
    want = json.loads((DATA / f"{path.stem}.json").read_text("utf-8"))
    assert {"how": got.how, "language": got.language, "blocks": blocks} == want
