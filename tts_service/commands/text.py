"""normalize, explain: how a text is spoken, and why."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from tts_service.commands.app import JsonFlag, LexiconFile, app, as_json, lexicon_of
from tts_service.errors import InputRefused
from tts_service.speakable.readings import Lexical
from tts_service.values import Block, BlockKind, Utterance

if TYPE_CHECKING:
    from tts_service.speakable.explain import Explained

Language = Annotated[str | None, typer.Option("--lang", help="Language of the text (BCP 47; default: detected).")]
PageFile = Annotated[str | None, typer.Option("--page", help="Read the text where it stands in this article.")]
Section = Annotated[str | None, typer.Option("--section", help="With --page: only what stands below this heading.")]


@app.command()
def normalize(
    lang: Annotated[str | None, typer.Option("--lang", help="Language of the text (BCP 47; default: en).")] = None,
    lexicon: LexiconFile = None,
    page: PageFile = None,
    section: Section = None,
) -> None:
    """Read one sentence per line from standard input, or an article, and print the spoken form of each."""
    from tts_service.article.clean import clean
    from tts_service.speakable.utterances import make_utterances

    entries = lexicon_of(lexicon)
    if found := _said_of(page, section, lang, entries):
        for utterance in found.said:
            typer.echo(utterance.spoken_text)
        return
    for line in sys.stdin.buffer:
        text, _ = clean(line.decode("utf-8", "replace").rstrip("\r\n"))
        block = Block(kind=BlockKind.PARAGRAPH, text=text, language=lang or "en")
        typer.echo(" ".join(said.spoken_text for said in make_utterances([block], lexicon=entries)))


@app.command("explain")
def print_explanation(
    text: Annotated[
        str, typer.Argument(help="A sentence or a paragraph; - for standard input. With --page: what is looked for.")
    ] = "",
    lang: Language = None,
    lexicon: LexiconFile = None,
    json_: JsonFlag = False,
    page: PageFile = None,
    section: Section = None,
) -> None:
    """Show what is spoken for each written word, which rule decided it, and which would have answered next."""
    from tts_service.article.clean import clean
    from tts_service.article.language import article_language
    from tts_service.speakable.explain import explain as explained

    entries = lexicon_of(lexicon)
    written, _ = clean(sys.stdin.read() if text == "-" else text)
    if found := _said_of(page, section, lang, entries):
        language, words = found.language, found.words(written.strip())
    elif not written:
        raise InputRefused("Nothing is explained without a text: give it as an argument, or an article with --page.")
    else:
        language = article_language(lang, None, written)
        words = explained(written, language, lexicon=entries)
    if json_:
        typer.echo(as_json({"language": language, "words": [asdict(word) for word in words]}))
        return
    table = Table("written", "spoken", "rule", "next", box=None, pad_edge=False)
    for word in words:
        said = f"{word.spoken} /{word.ipa}/" if word.ipa else word.spoken
        other = f"{word.next.rule}: {word.next.written} → {word.next.spoken or '(nothing)'}" if word.next else ""
        table.add_row(word.written, said or "(nothing)", word.rule or "as written", other)
    Console(width=None if Console().is_terminal else 200, markup=False).print(table)


@dataclass(frozen=True, slots=True, kw_only=True)
class _SaidArticle:
    """What is said of an article, or of one section of it."""

    source: str
    language: str
    blocks: Sequence[Block]
    said: Sequence[Utterance]

    def words(self, wanted: str) -> tuple[Explained, ...]:
        """Every word of this text where it first stands; all words if it is empty. Raises InputRefused."""
        from tts_service.speakable.explain import explained_words

        if not wanted:
            return tuple(explained_words(self.blocks, self.said))
        for number in dict.fromkeys(one.block for one in self.said):
            start = self.blocks[number].text.find(wanted)
            if start >= 0:
                mine = [one for one in self.said if one.block == number]
                found = explained_words(self.blocks, mine)
                return tuple(word for word in found if word.start < start + len(wanted) and word.end > start)
        raise InputRefused(f"“{wanted}” isn't spoken in {self.source}: `tts-service extract` shows what is skipped.")


def _said_of(page: str | None, section: str | None, lang: str | None, entries: Lexical) -> _SaidArticle | None:
    """What is said of the article that `--page` names; None without one. Raises InputRefused."""
    if page is None:
        if section is not None:
            raise InputRefused("--section needs an article: name it with --page.")
        return None
    from tts_service.article.blocks import read_blocks
    from tts_service.article.sections import section_places
    from tts_service.commands.speak import read_article
    from tts_service.speakable.utterances import make_utterances

    read = read_blocks(read_article(page, lang))
    places = section_places(read.blocks, section) if section is not None else range(len(read.blocks))
    said = [one for one in make_utterances(read.blocks, lexicon=entries) if one.block in places]
    return _SaidArticle(source=page, language=read.language, blocks=read.blocks, said=said)
