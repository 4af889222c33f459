"""lexicon: pronunciations for all sites, a site or one article; PLS import and export."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from tts_service.commands.app import JsonFlag, app, as_json, say, settings

if TYPE_CHECKING:
    from tts_service.db.tables import LexiconEntryRow
    from tts_service.engines.pronunciation.ipa_check import SpelledBy
    from tts_service.newsroom.lexicon_place import Place
    from tts_service.parts import Parts

lexicon_app = typer.Typer(help="The lexicon: list, add, remove, import, export.", invoke_without_command=True)
app.add_typer(lexicon_app, name="lexicon")

Site = Annotated[str | None, typer.Option(help="Only for this site (default: for all).")]
Article = Annotated[str | None, typer.Option(help="Only for this article of the site (its id in the CMS).")]
AUTHOR = "command line"


@lexicon_app.callback()
def lexicon(context: typer.Context, json_: JsonFlag = False) -> None:
    """List all entries, newest first."""
    if not context.invoked_subcommand:
        lexicon_list(json_=json_)


@lexicon_app.command("list")
def lexicon_list(
    site: Annotated[str | None, typer.Option(help="Only entries of this site.")] = None,
    lang: Annotated[str | None, typer.Option(help="Only entries with this language tag.")] = None,
    q: Annotated[str | None, typer.Option(help="Text to find in the grapheme, the pronunciation or the note.")] = None,
    json_: JsonFlag = False,
) -> None:
    """List entries, newest first."""
    from tts_service.newsroom.lexicon_history import entry_fields
    from tts_service.newsroom.lexicon_search import LexiconFilter, entries

    with _parts().database.reading() as session:
        rows = entries(session, LexiconFilter(site=site, language=lang, q=q))
    if json_:
        typer.echo(as_json([entry_fields(row) for row in rows]))
        return
    table = Table(
        *("id", "for", "language", "written", "said", "note") if rows else ("nothing found",), box=None, pad_edge=False
    )
    for row in rows:
        table.add_row(*_line(row))
    Console(width=None if Console().is_terminal else 200, markup=False).print(table)


@lexicon_app.command("add")
def lexicon_add(
    graphemes: Annotated[list[str], typer.Argument(help="Spellings, each of one or more words.")],
    lang: Annotated[str, typer.Option(help='Language of the text (BCP 47); "en" includes "en-GB".')],
    alias: Annotated[str | None, typer.Option(help="A respelling, read according to the language's rules.")] = None,
    ipa: Annotated[str | None, typer.Option(help="A pronunciation in IPA.")] = None,
    site: Site = None,
    article: Article = None,
    any_case: Annotated[bool, typer.Option("--any-case", help="Match upper and lower case.")] = False,
    alone: Annotated[bool, typer.Option("--alone", help="Don't match parts of hyphenated words.")] = False,
    except_article: Annotated[
        list[str] | None, typer.Option(help="Not for this article of the site (its id in the CMS); can be repeated.")
    ] = None,
    note: Annotated[str, typer.Option(help="Why; shown to editors.")] = "",
    json_: JsonFlag = False,
) -> None:
    """Add an entry: how words are pronounced, by --alias or --ipa."""
    from tts_service.newsroom.lexicon import add
    from tts_service.newsroom.lexicon_history import entry_fields
    from tts_service.newsroom.lexicon_place import ArticleName
    from tts_service.speakable.lexeme import Lexeme

    if bool(alias) == bool(ipa):
        raise typer.BadParameter("give either --alias or --ipa")
    if except_article and site is None:
        raise typer.BadParameter("--except-article needs --site")
    place, parts = _place(site, article), _parts()
    lexeme = Lexeme(
        graphemes=tuple(graphemes),
        language=lang,
        alias=alias,
        ipa=ipa,
        scope=place.scope,
        case_sensitive=not any_case,
        alone=alone,
    )
    exceptions = [ArticleName(site or "", article_id) for article_id in except_article or ()]
    kept = add(parts.database, parts.voices, place, lexeme, note=note, author=AUTHOR, except_articles=exceptions)
    _tell_spelled(kept.spelled_by)
    typer.echo(as_json(entry_fields(kept.row)) if json_ else kept.row.id)


@lexicon_app.command("remove")
def lexicon_remove(entry_id: Annotated[str, typer.Argument(help="An id from `lexicon list`.")]) -> None:
    """Remove an entry: its words are read by the rules again."""
    from tts_service.newsroom.lexicon import remove

    remove(_parts().database, entry_id, who=AUTHOR)


@lexicon_app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A W3C PLS 1.0 document.")],
    site: Site = None,
    article: Article = None,
    replace: Annotated[bool, typer.Option(help="Replace entries that have one of its graphemes.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would happen.")] = False,
    json_: JsonFlag = False,
) -> None:
    """Import a PLS file, completely or not at all."""
    from tts_service.newsroom.pls import Taking, import_pls

    place, parts = _place(site, article), _parts()
    taking = Taking(author=AUTHOR, replace=replace, dry_run=dry_run)
    done = import_pls(parts.database, parts.voices, file.read_bytes(), place, taking)
    for notice in done.notices:
        say(f"{file}, {notice}")
    for found, spelled in done.spelled_by:
        say(f"{file}, line {found.line}, {found.lexeme.graphemes[0]}:")
        _tell_spelled(spelled)
    counts = {"added": done.added, "replaced": done.replaced, "unchanged": done.unchanged, "dry_run": dry_run}
    told = f"{'would be ' if dry_run else ''}added {done.added}, replaced {done.replaced}, unchanged {done.unchanged}"
    typer.echo(as_json({"language": done.language, **counts}) if json_ else told)


@lexicon_app.command("export")
def export_file(
    lang: Annotated[str | None, typer.Option(help="Language tag; required if the entries have several.")] = None,
    site: Site = None,
    article: Article = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="The PLS file (default: standard output).")] = None,
) -> None:
    """Export the entries for all sites, a site or an article, in one language, as a PLS file."""
    from tts_service.newsroom.pls import export_pls

    document = export_pls(_parts().database, _place(site, article), lang)
    if out is None:
        sys.stdout.buffer.write(document)
    else:
        out.write_bytes(document)


def _place(site: str | None, article: str | None) -> Place:
    from tts_service.newsroom.lexicon_place import Place

    if article is not None and site is None:
        raise typer.BadParameter("--article needs --site")
    return Place.of(site, article)


def _tell_spelled(spelled: tuple[SpelledBy, ...]) -> None:
    for found in spelled:
        why = f"doesn't support {' '.join(found.symbols)}" if found.symbols else "doesn't support pronunciations"
        say(f"{found.voice} reads the spelling: it {why}")


def _line(row: LexiconEntryRow) -> tuple[str, ...]:
    place = "/".join(filter(None, (row.site, row.article))) or "all"
    case = "" if row.case_sensitive else " (any case)"
    return row.id, place, row.language, ", ".join(row.graphemes) + case, row.alias or f"/{row.ipa}/", row.note


def _parts() -> Parts:
    from tts_service.wiring import build

    return build(settings())
