"""The account: every character of a source is spoken, skipped with a reason, or reported as lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.article.test_golden import FORMATS, GOLDEN
from tests.parts.examples import examples
from tests.parts.processor import takes_at_most
from tts_service.article.account import account, check_spans
from tts_service.article.blocks import ReadArticle, read_blocks
from tts_service.article.clean import clean
from tts_service.article.loss import lost_text, text_of_html
from tts_service.article.pieces import word_set
from tts_service.errors import AccountBroken, EmptyArticle
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Article, Block, BlockKind, Direction, SourceFormat

pytestmark = pytest.mark.slow

BATCH = settings(max_examples=examples(250), deadline=None)
"""Eight tests of it: 2 000 generated sources in `make generated`."""
WORDS = st.lists(
    st.sampled_from(["ab", "Share", "ef.", "gh!", "x1", "ü", "中", "&", "&amp;", "&#8203;", "12", "\n", "By Ann Lee"]),
    min_size=1,
    max_size=6,
).map(" ".join)
TAGS = sorted(
    word_set(
        "p div ul li blockquote h1 h2 em a span figure figcaption aside nav pre table tr td caption sup footer main "
        "article section button label details summary noscript select svg video font center dl dd x-y"
    )
)
ATTRIBUTES = st.sampled_from(
    [
        "",
        " class='related'",
        " class='lead'",
        " hidden",
        " lang=de",
        " data-tts='skip'",
        " data-tts='only'",
        " data-tts='alias:said'",
        " class='caption'",
        " style='display: none'",
        " id=comments",
    ]
)
TREES = st.recursive(
    WORDS,
    lambda inner: st.builds(
        lambda tag, attribute, parts: f"<{tag}{attribute}>{''.join(parts)}</{tag}>",
        st.sampled_from(TAGS),
        ATTRIBUTES,
        st.lists(inner, min_size=1, max_size=4),
    ),
    max_leaves=12,
)
SOUP = st.lists(
    st.one_of(
        WORDS,
        st.sampled_from([f"<{end}{tag}>" for tag in TAGS for end in ("", "/")]),
        st.sampled_from(["<!--", "-->", "<", "<a b='", '"', "<p", ">", "<script>", "</script>", "<br>", "<?x"]),
    ),
    max_size=14,
).map("".join)
MARKDOWN = st.lists(
    st.sampled_from(
        [
            "# ",
            "## ",
            "- ",
            "1. ",
            "> ",
            "`c`",
            "*a*",
            "**b**",
            "word ",
            "[l](http://x.example/path)",
            "![alt](i.png)",
            "```\n",
            "|a|b|\n|-|-|\n|1|2|\n",
            "\n",
            "\n\n",
            "    code\n",
            "<b>h</b>",
            "&amp; ",
            "~~~py x\n",
            "sentence.\n",
            "[ref]: http://y.example 'title'\n",
            "***\n",
            "\\* ",
            "Share\n\n",
            "<div data-tts=skip>\n",
        ]
    ),
    max_size=16,
).map("".join)


def read(source: str, kind: str, read_as: str | None = None) -> ReadArticle | None:
    article = Article(site="s", external_id="1", source=source, source_format=SourceFormat(kind), language="en")
    try:
        return read_blocks(replace(article, read_as=read_as))  # type: ignore[arg-type]
    except EmptyArticle:
        return None


def accounted(got: ReadArticle | None) -> None:
    """Every line says spoken or why not, the sums come out, and nothing is lost in secret."""
    if got is None:
        return
    lines = [line for line in got.account if line["kind"] != "lost"]
    assert len(lines) == len(got.blocks)
    for block, line in zip(got.blocks, lines, strict=True):
        assert line["characters"] == len(block.text) > 0
        assert line["spoken"] == (len(block.text) if block.spoken and not block.announcement else 0)
        assert (line["reason"] is None) == (line["spoken"] > 0)
        assert all(0 <= d.start < d.end <= len(block.text) for d in block.directions)
    assert len(got.account) - len(lines) == bool(got.lost.characters)


@BATCH
@given(TREES)
def test_a_fragment_is_accounted_for_and_nothing_is_lost(source: str) -> None:
    got = read(source, "html", "fragment")
    accounted(got)
    assert got is None or got.lost.characters == 0


@BATCH
@given(TREES)
def test_a_page_is_accounted_for_and_nothing_is_lost(source: str) -> None:
    got = read(f"<html><body><h1>Title of it</h1>{source}</body></html>", "html")
    accounted(got)
    assert got is not None
    assert got.lost.characters == 0


@BATCH
@given(SOUP)
def test_broken_html_is_accounted_for(source: str) -> None:
    accounted(read(source, "html", "fragment"))


@BATCH
@given(SOUP)
def test_a_broken_page_is_accounted_for(source: str) -> None:
    accounted(read(source, "html", "page"))


@BATCH
@given(MARKDOWN)
def test_markdown_is_accounted_for(source: str) -> None:
    accounted(read(source, "markdown"))


@BATCH
@given(st.text(max_size=200))
def test_plain_text_is_accounted_for_and_nothing_is_lost(source: str) -> None:
    got = read(source, "text")
    accounted(got)
    assert got is None or got.lost.characters == 0


@BATCH
@given(st.lists(st.sampled_from(["Share", "• ab", "1. cd", "Related stories", "A sentence.", "", "Von Eva Kern", "x"])))
def test_pasted_text_is_accounted_for_and_nothing_is_lost(lines: list[str]) -> None:
    got = read("\n".join(lines), "text")
    accounted(got)
    assert got is None or got.lost.characters == 0


@BATCH
@given(st.lists(WORDS.filter(lambda words: "<" not in words), min_size=1, max_size=5))
def test_the_walk_and_the_blocks_find_the_same_letters(parts: list[str]) -> None:
    source = "<div>" + "</div><p>".join(parts)
    got = read(source, "html", "fragment")
    seen = Counter(filter(str.isalnum, clean(text_of_html(source))[0]))
    assert Counter(filter(str.isalnum, "".join(block.text for block in got.blocks) if got else "")) == seen


@pytest.mark.parametrize(
    ("source", "kind", "lost"),
    [
        ("<p>one</p><!-- never ends <p>two three", "html", "!-- never ends"),
        ("<p>one</p><a href='never ends>two three</a>", "html", ""),
        ("<p>one</p><script>var hidden", "html", "var hidden"),
        ("para\n\n" + ">" * 300 + " too deep a quote", "markdown", "deep quote"),
    ],
)
def test_text_that_a_parser_drops_is_reported(source: str, kind: str, lost: str) -> None:
    got = read(source, kind)
    assert got is not None
    assert got.lost.characters > 0
    assert lost in got.lost.sample
    line = got.account[-1]
    assert (line["kind"], line["spoken"], line["characters"]) == ("lost", 0, got.lost.characters)
    assert (line["reason"] or "").startswith("not read: ")


def test_what_is_lost_is_counted_by_letters_wherever_they_stand() -> None:
    lost = lost_text("one two\nthree four", ["four", "one"], "why")
    assert (lost.characters, lost.sample, lost.reason) == (8, "two", "why")
    assert lost_text("e\u0301 a-b", ["b a é"], "why").characters == 0


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.name)
def test_every_letter_of_the_golden_pages_is_in_exactly_one_utterance(path: Path) -> None:
    got = read(path.read_text("utf-8"), FORMATS[path.suffix])
    assert got is not None
    check_spans(got.blocks, [(said.block, said.start, said.end) for said in make_utterances(got.blocks)])


@pytest.mark.parametrize(
    "spans",
    [
        [(0, 0, 9)],
        [(0, 0, 9), (2, 0, 4)],
        [(0, 0, 9), (2, 5, 9)],
        [(0, 0, 9), (2, 0, 9), (2, 5, 9)],
        [(0, 0, 9), (1, 0, 9), (2, 0, 9)],
        [(0, 0, 9), (2, 0, 10)],
    ],
)
def test_a_sentence_left_out_or_said_twice_stops_the_job(spans: list[tuple[int, int, int]]) -> None:
    blocks = [BLOCK, replace(BLOCK, spoken=False, skip_reason="caption"), BLOCK]
    check_spans(blocks, [(0, 0, 4), (0, 5, 9), (2, 0, 9)])
    with pytest.raises(AccountBroken):
        check_spans(blocks, spans)


BLOCK = Block(kind=BlockKind.PARAGRAPH, text="Some text", language="en")


@pytest.mark.parametrize(
    "broken",
    [
        replace(BLOCK, spoken=False),
        replace(BLOCK, skip_reason="caption"),
        replace(BLOCK, directions=(Direction(start=3, end=10, alias="x"),)),
        replace(BLOCK, directions=(Direction(start=5, end=6, alias="x"), Direction(start=0, end=1, alias="y"))),
    ],
)
def test_an_account_that_does_not_come_out_stops_the_job(broken: Block) -> None:
    with pytest.raises(AccountBroken, match="lock 1") as caught:
        account([BLOCK, broken])
    assert caught.value.permanent


@pytest.mark.parametrize(
    "atom", ["<a ", '<a "', '<a ">"', "<!--", "<script>", "<", "<?", "&", "&#", "<p>", "<a '\"", "<style><script>"]
)
def test_the_walk_is_linear(atom: str) -> None:
    source = (atom * (500_000 // len(atom)))[:500_000]
    assert takes_at_most(1.5, lambda: text_of_html(source))
