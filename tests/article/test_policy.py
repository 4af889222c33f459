"""What becomes of a block is the site's policy and the editors' word: spoken, skipped, announced, said otherwise."""

from __future__ import annotations

import pytest

from tts_service.article.blocks import ReadArticle, read_blocks
from tts_service.speakable.utterances import make_utterances
from tts_service.values import Article, Block, BlockKind, SourceFormat
from tts_service.values.speech_policy import DEFAULT_POLICY, BlockPolicy, SpeechPolicy, Treatment

TABLE = "<table><tr><th>a</th></tr><tr><td>1</td><td>2</td></tr></table>"


def read(source: str, policy: SpeechPolicy = DEFAULT_POLICY, **more: str) -> ReadArticle:
    fields = {"language": "en", "source_format": SourceFormat.HTML, **more}
    return read_blocks(Article(site="s", external_id="1", source=source, **fields), policy)  # type: ignore[arg-type]


def the(kind: BlockKind, got: ReadArticle) -> Block:
    return next(block for block in got.blocks if block.kind is kind)


def policy(kind: BlockKind, **wishes: object) -> SpeechPolicy:
    return SpeechPolicy(blocks={kind: BlockPolicy(**wishes)})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en-GB", "There is a table here"),
        ("de-AT", "Hier steht eine Tabelle"),
        ("fr", "Ici se trouve un tableau"),
        ("es", "Aquí hay una tabla"),
        ("it", "Qui c'è una tabella"),
    ],
)
def test_a_table_is_announced_in_the_blocks_language(language: str, words: str) -> None:
    named = TABLE.replace("<tr>", "<caption>Fares by zone.</caption><tr>", 1)
    assert the(BlockKind.TABLE, read(f"<p>x</p>{TABLE}", language=language)).announcement == f"{words}."
    block = the(BlockKind.TABLE, read(f"<p>x</p>{named}", language=language))
    assert (block.announcement, block.spoken, block.skip_reason) == (f"{words}: Fares by zone", True, None)


@pytest.mark.parametrize(
    ("source", "title"),
    [
        (f"<figure>{TABLE}<figcaption>Fares</figcaption></figure>", ": Fares"),
        (TABLE.replace("<table", '<table aria-label="Fares"'), ": Fares"),
        (f"<h2>Fares</h2>{TABLE.replace('<table', '<table aria-label=Fares')}", "."),
        (f"<h2>Fares</h2><p>They rise.</p>{TABLE.replace('<table', '<table aria-label=Fares')}", ": Fares"),
        (TABLE.replace("<table", f'<table aria-label="{"long " * 99}"'), ": " + ("long " * 40)),
    ],
)
def test_a_tables_title_is_said_unless_the_heading_just_did(source: str, title: str) -> None:
    assert the(BlockKind.TABLE, read(source)).announcement == f"There is a table here{title}"


def test_a_table_in_a_language_without_the_words_is_skipped_and_says_so() -> None:
    block = the(BlockKind.TABLE, read(f"<p>x</p>{TABLE}", language="nl"))
    assert (block.spoken, block.skip_reason) == (False, "table: no announcement in nl")


def test_an_announced_block_is_accounted_for_as_not_spoken_text() -> None:
    line = read(TABLE).account[0]
    assert (line["characters"], line["spoken"], line["reason"]) == (5, 0, "announced: There is a table here.")


def test_captions_can_be_spoken_and_are_not_said_twice() -> None:
    source = f"<figure>{TABLE}<figcaption>Fares</figcaption></figure><pre><code>x = 1</code></pre>"
    usual = read(source)
    assert the(BlockKind.CAPTION, usual).skip_reason == "caption"
    assert the(BlockKind.CODE, usual).skip_reason == "code"
    wished = read(source, policy(BlockKind.CAPTION, treatment=Treatment.SPOKEN))
    assert the(BlockKind.CAPTION, wished).spoken
    assert the(BlockKind.TABLE, wished).announcement == "There is a table here."


def test_quotes_can_have_another_voice_language_and_speed() -> None:
    source = "<p>One.</p><blockquote>Two.</blockquote>"
    got = read(source, policy(BlockKind.QUOTE, voice="piper:other", language="de", rate=0.9))
    quote, text = the(BlockKind.QUOTE, got), the(BlockKind.PARAGRAPH, got)
    assert (quote.voice, quote.language, quote.rate) == ("piper:other", "de", 0.9)
    assert (text.voice, text.language, text.rate) == (None, "en", 1.0)
    skipped = read(source, policy(BlockKind.QUOTE, treatment=Treatment.SKIPPED))
    assert the(BlockKind.QUOTE, skipped).skip_reason == "quote"


def test_pictures_code_and_quotes_can_be_announced_and_a_paragraph_stays_spoken() -> None:
    source = "<p>One.</p><figure><figcaption>A boat.</figcaption></figure><pre>x</pre><blockquote>Two.</blockquote>"
    wishes = {kind: BlockPolicy(treatment=Treatment.ANNOUNCED) for kind in BlockKind}
    got = read(source, SpeechPolicy(blocks=wishes))
    assert [block.announcement for block in got.blocks] == [
        None,
        "There is a picture here: A boat",
        "There is program code here.",
        "There is a quotation here.",
    ]


def test_an_alias_reaches_the_utterance_and_its_words_keep_their_place() -> None:
    got = read('<p>The <b data-tts="alias:F C Zed">FCZ</b> won.</p>')
    tokens = make_utterances(got.blocks)[0].tokens
    said = {got.blocks[0].text[token.start : token.end]: " ".join(token.spoken) for token in tokens}
    assert said == {"The": "The", "FCZ": "F C Zed", "won": "won"}


@pytest.mark.parametrize(
    ("attribute", "want"),
    [("skip", "skip"), (" SKIP ", "skip"), ("only", "only"), ("skip: really", ""), ("alias:", ""), ("loud", "")],
)
def test_an_editors_mark_is_read_whole_or_not_at_all(attribute: str, want: str) -> None:
    got = read(f'<p>Before it.</p><p data-tts="{attribute}">Marked.</p>')
    skipped = [block.text for block in got.blocks if not block.spoken]
    assert skipped == {"skip": ["Marked."], "only": ["Before it."], "": []}[want]


def test_only_wins_over_furniture_and_policy_but_not_over_skip() -> None:
    got = read(
        '<p>A.</p><aside><p data-tts="only">Share</p></aside>'
        '<figure data-tts="only"><figcaption>C</figcaption></figure>'
        '<div data-tts="skip"><p data-tts="only">D.</p></div>'
    )
    assert [block.text for block in got.blocks if block.spoken] == ["Share", "C"]


def test_the_headline_is_said_even_when_the_editors_chose_other_parts() -> None:
    got = read('<p>A.</p><p data-tts="only">B.</p>', title="Headline")
    assert [block.text for block in got.blocks if block.spoken] == ["Headline", "B."]


def test_marks_work_in_markdown_too() -> None:
    got = read(
        'One <span data-tts="alias:two">2</span>.\n\n<p data-tts="skip">No.</p>\n\n|a|\n|-|\n|1|\n',
        source_format=SourceFormat.MARKDOWN,
    )
    assert [direction.alias for direction in got.blocks[0].directions] == ["two"]
    assert [block.skip_reason for block in got.blocks][1] == "marked by the editors: not to be spoken"
    assert the(BlockKind.TABLE, got).announcement == "There is a table here."
