"""erase: delete an article, or a whole site, and everything derived from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tts_service.commands.app import app, built, minute_of, say, show_rows
from tts_service.errors import InputRefused

if TYPE_CHECKING:
    from tts_service.parts import Parts


@app.command("erase")
def erase(
    site: Annotated[str, typer.Argument(help="The site's short name.")],
    article: Annotated[str | None, typer.Argument(help="The article's id in the CMS.")] = None,
    whole_site: Annotated[bool, typer.Option("--all", help="The whole site instead of one article.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --all: only say what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask for confirmation.")] = False,
) -> None:
    """Erase an article with its audio, reports, webhooks, callbacks and figures, or with --all everything of a site.

    This can't be undone. If it is interrupted, the same command resumes.
    """
    if whole_site == (article is not None):
        raise InputRefused("Name an article, or give --all for the whole site.")
    if dry_run and not whole_site:
        raise InputRefused("--dry-run is for whole sites: give --all, too.")
    if article is None:
        _erase_site(built(), site, dry_run=dry_run, yes=yes)
        return
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.retention.erasure import erase_article

    if not yes and not typer.confirm(f"Erase {article} of {site} permanently?", default=False, err=True):
        raise typer.Exit(1)
    done = erase_article(built(), site, article, COMMAND_LINE)
    typer.echo(f"{done.rows} rows, {done.files} files, {done.log_lines} log lines erased")


def _erase_site(parts: Parts, site: str, *, dry_run: bool, yes: bool) -> None:
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.retention.site_erasure import erase_site, weigh_site

    weight = weigh_site(parts, site)
    if dry_run or not yes:
        show_rows([{"table": table, "rows": rows} for table, rows in weight.rows.items()], False)
        say(f"{weight.audio_bytes} bytes of finished audio")
    if dry_run:
        return
    if not yes and typer.prompt("To erase all of this permanently, type the site's name", err=True) != site:
        say("That is not the site's name: nothing was erased.")
        raise typer.Exit(1)
    done = erase_site(parts, site, COMMAND_LINE)
    typer.echo(f"{done.rows} rows, {done.files} files, {done.log_lines} log lines erased")
    if done.open_ms is not None:
        say(f"The name {site} stays closed until {minute_of(done.open_ms)}; then beat deletes its last row.")
