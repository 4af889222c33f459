"""speak, extract: process an article without a server."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from pydantic import TypeAdapter, ValidationError

from tts_service.commands.app import LexiconFile, app, as_json, lexicon_of, settings
from tts_service.errors import EmptyArticle, InputRefused
from tts_service.values import Article, SourceFormat, WebAddress
from tts_service.values.site_options import USUAL

FORMATS_BY_SUFFIX = {
    ".html": SourceFormat.HTML,
    ".htm": SourceFormat.HTML,
    ".md": SourceFormat.MARKDOWN,
    ".markdown": SourceFormat.MARKDOWN,
    ".ssml": SourceFormat.SSML,
}

Source = Annotated[
    str,
    typer.Argument(help="An article: .json, .html, .md, .markdown, .ssml, .txt, a URL, or - for standard input."),
]
ReadAs = Annotated[
    Literal["page", "fragment"] | None,
    typer.Option("--as", help="Read HTML as a whole page or as a CMS's body field (default: detected)."),
]


@app.command("speak")
def speak_article(
    source: Source,
    out: Annotated[Path, typer.Option("-o", "--out", help="File to write: .mp3, .m4a, .opus or .wav.")],
    voice: Annotated[str | None, typer.Option(help="A voice id; see `tts-service voices`.")] = None,
    lang: Annotated[str | None, typer.Option(help="Language of the article (BCP 47).")] = None,
    marks: Annotated[Path | None, typer.Option(help="Also write the word times to this file (marks.json).")] = None,
    read_as: ReadAs = None,
    lexicon: LexiconFile = None,
) -> None:
    """Speak an article into a file, without a server."""
    from tts_service.commands.to_file import require_writable, speak_to_file

    require_writable(*filter(None, (out, marks)))
    article = read_article(source, lang, read_as)
    speak_to_file(article, out, voice, settings(), lexicon_of(lexicon), marks=marks)


@app.command()
def extract(
    source: Source,
    lang: Annotated[str | None, typer.Option(help="Language of the article (BCP 47).")] = None,
    read_as: ReadAs = None,
    section: Annotated[str | None, typer.Option(help="Only the blocks below this heading.")] = None,
) -> None:
    """Print the blocks of an article as JSON, including skipped ones with the reason."""
    from dataclasses import asdict

    from tts_service.article.blocks import read_blocks
    from tts_service.article.sections import section_places

    read = read_blocks(read_article(source, lang, read_as))
    places = section_places(read.blocks, section) if section is not None else range(len(read.blocks))
    blocks = [asdict(read.blocks[place]) for place in places]
    typer.echo(
        as_json(
            {
                "title": read.title,
                "language": read.language,
                "read_as": read.how,
                "blocks": blocks,
                "lost": asdict(read.lost),
                "account": list(read.account if section is None else (read.account[place] for place in places)),
            }
        )
    )


def read_article(source: str, language: str | None, read_as: Literal["page", "fragment"] | None = None) -> Article:
    """An article from a file, an address or standard input.

    Raises InputRefused (not UTF-8, not an article, addresses are off), EmptyArticle; for an address as fetch_article.
    """
    from tts_service.article.fetch import is_address

    article = _from_address(source, language) if is_address(source) else _from_file(source, language)
    return replace(article, read_as=read_as or article.read_as)


def _from_address(url: str, language: str | None) -> Article:
    from tts_service.article.fetch import fetch_article
    from tts_service.http.client import outbound_of

    if not settings().fetch_urls:
        raise InputRefused(f"{url} is not fetched: set TTS_FETCH_URLS=true, or save the page and pass the file.")
    return fetch_article(url, outbound_of(settings()), language)


def _from_file(source: str, language: str | None) -> Article:
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


def _url_of(given: Any, source: str) -> WebAddress | None:
    """Raises InputRefused."""
    found = WebAddress.read(given)
    if found is None and given is not None:
        raise InputRefused(f"{source}: {str(given)[:80]!r} as url is not an http(s) URL.")
    return found


def _moment_of(given: Any, source: str) -> datetime | None:
    """A date as POST /v1/jobs takes it, with the usual zone where it has none. Raises InputRefused."""
    from tts_service.web.schemas.fields import Moment

    try:
        return USUAL.dated(TypeAdapter(Moment).validate_python(given))
    except ValidationError as error:
        raise InputRefused(f"{source}: {str(given)[:80]!r} as published_at is not a date.") from error


def article_from_json(text: str, source: str, language: str | None) -> Article:
    """An article in the shape that POST /v1/jobs takes."""
    try:
        fields = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputRefused(f"{source} is not JSON: {error}") from error
    pairs = fields.items() if isinstance(fields, dict) else ()
    fields = {name: value for name, value in pairs if value not in ("", None)}  # "" is what CMSs write for nothing
    kinds = [kind for kind in SourceFormat if kind in fields]
    if len(kinds) != 1:
        raise InputRefused(f"{source} must contain exactly one of text, html, markdown, ssml.")
    return Article(
        site=str(fields.get("site", "local")),
        external_id=str(fields.get("id", source)),
        source=fields[kinds[0]],
        source_format=kinds[0],
        url=_url_of(fields.get("url"), source),
        title=fields.get("title"),
        author=fields.get("author"),
        published_at=_moment_of(fields.get("published_at"), source),
        language=language or fields.get("language"),
    )
