"""speak, extract: an article's way without any server."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from tts_service.commands.app import app, as_json, settings
from tts_service.errors import EmptyArticle, InputRefused
from tts_service.values import Article, SourceFormat

FORMATS_BY_SUFFIX = {".html": SourceFormat.HTML, ".htm": SourceFormat.HTML, ".md": SourceFormat.MARKDOWN,
                     ".ssml": SourceFormat.SSML}  # fmt: skip


@app.command()
def speak(
    source: Annotated[str, typer.Argument(help="An article: .json, .html, .md, .ssml, .txt, or - for standard input.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The clip: .mp3, .m4a or .opus.")],
    voice: Annotated[str | None, typer.Option(help="A voice id; see `tts-service voices`.")] = None,
    lang: Annotated[str | None, typer.Option(help="Language of the article (BCP 47).")] = None,
    marks: Annotated[Path | None, typer.Option(help="Also write the word times here (marks.json).")] = None,
) -> None:
    """Speak an article into a file, with no server."""
    from tts_service.commands.to_file import speak_to_file

    speak_to_file(read_article(source, lang), (out, marks), voice, settings())


@app.command()
def extract(
    source: Annotated[str, typer.Argument(help="An article: .json, .html, .md, .ssml, .txt, or - for standard input.")],
    lang: Annotated[str | None, typer.Option(help="Language of the article (BCP 47).")] = None,
) -> None:
    """What an article consists of: its blocks as JSON, skipped ones with the reason."""
    from dataclasses import asdict

    from tts_service.article.blocks import account, read_blocks

    read = read_blocks(read_article(source, lang))
    blocks = [asdict(block) for block in read.blocks]
    typer.echo(as_json({"title": read.title, "language": read.language, "read_as": read.how, "blocks": blocks,
                        "account": list(account(read.blocks))}))  # fmt: skip


def read_article(source: str, language: str | None) -> Article:
    """An article from a file or standard input. Raises InputRefused (not UTF-8, not an article), EmptyArticle."""
    data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputRefused(f"{source} is not UTF-8 (byte {error.start}): save it as UTF-8.") from error
    if not text.strip():
        raise EmptyArticle(f"{source} is empty.")
    suffix = Path(source).suffix.lower()
    if suffix == ".json":
        return article_from_json(text, source, language)
    looks_like_html = text.lstrip()[:1] == "<"
    kind = FORMATS_BY_SUFFIX.get(suffix, SourceFormat.HTML if looks_like_html else SourceFormat.TEXT)
    return Article(site="local", external_id=source, source=text, source_format=kind, language=language)


def article_from_json(text: str, source: str, language: str | None) -> Article:
    """An article in the shape that POST /v1/jobs takes."""
    try:
        fields = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputRefused(f"{source} is not JSON: {error}") from error
    kinds = [kind for kind in SourceFormat if isinstance(fields, dict) and kind in fields]
    if len(kinds) != 1:
        raise InputRefused(f"{source} must hold exactly one of text, html, markdown, ssml.")
    return Article(
        site=str(fields.get("site", "local")), external_id=str(fields.get("id", source)), source=fields[kinds[0]],
        source_format=kinds[0], url=fields.get("url"), title=fields.get("title"), author=fields.get("author"),
        language=language or fields.get("language"),
    )  # fmt: skip
