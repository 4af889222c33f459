"""normalize, explain: how a text is spoken, and why."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tts_service.article.clean import clean
from tts_service.article.language import article_language
from tts_service.commands.app import JsonFlag, LexiconFile, app, as_json, lexicon_of
from tts_service.values import Block, BlockKind

Language = Annotated[str | None, typer.Option("--lang", help="Language of the text (BCP 47; default: detected).")]


@app.command()
def normalize(
    lang: Annotated[str, typer.Option("--lang", help="Language of the text (BCP 47).")] = "en",
    lexicon: LexiconFile = None,
) -> None:
    """Read one sentence per line from standard input and print the spoken form of each."""
    from tts_service.speakable.utterances import make_utterances

    entries = lexicon_of(lexicon)
    for line in sys.stdin.buffer:
        text, _ = clean(line.decode("utf-8", "replace").rstrip("\r\n"))
        block = Block(kind=BlockKind.PARAGRAPH, text=text, language=lang)
        typer.echo(" ".join(said.spoken_text for said in make_utterances([block], lexicon=entries)))


@app.command("explain")
def print_explanation(
    text: Annotated[str, typer.Argument(help="A sentence or a paragraph; - for standard input.")],
    lang: Language = None,
    lexicon: LexiconFile = None,
    json_: JsonFlag = False,
) -> None:
    """Show what is spoken for each written word, and which rule decided it."""
    from tts_service.speakable.explain import explain as explained

    written, _ = clean(sys.stdin.read() if text == "-" else text)
    language = article_language(lang, None, written)
    words = explained(written, language, lexicon=lexicon_of(lexicon))
    if json_:
        typer.echo(as_json({"language": language, "words": [asdict(word) for word in words]}))
        return
    table = Table("written", "spoken", "rule", box=None, pad_edge=False)
    for word in words:
        said = f"{word.spoken} /{word.ipa}/" if word.ipa else word.spoken
        table.add_row(word.written, said or "(nothing)", word.rule or "as written")
    Console(width=None if Console().is_terminal else 200, markup=False).print(table)
