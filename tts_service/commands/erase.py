"""erase: delete an article and everything derived from it."""

from __future__ import annotations

from typing import Annotated

import typer

from tts_service.commands.app import app, built


@app.command("erase")
def erase_article_data(
    site: Annotated[str, typer.Argument(help="The site's short name.")],
    article: Annotated[str, typer.Argument(help="The article's id in the CMS.")],
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask for confirmation.")] = False,
) -> None:
    """Erase an article with its audio, reports, webhooks, callbacks and figures. This can't be undone."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.retention.erasure import erase_article

    if not yes and not typer.confirm(f"Erase {article} of {site} permanently?", default=False, err=True):
        raise typer.Exit(1)
    done = erase_article(built(), site, article, COMMAND_LINE)
    typer.echo(f"{done.rows} rows, {done.files} files, {done.log_lines} log lines erased")
