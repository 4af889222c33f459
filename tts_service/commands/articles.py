"""articles: list a site's articles, take one offline."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from tts_service.commands.app import JsonFlag, app, built, show_rows

articles_app = typer.Typer(help="Articles: list, withdraw.", no_args_is_help=True)
app.add_typer(articles_app, name="articles")

SiteArgument = Annotated[str, typer.Argument(help="The site's short name.")]


@articles_app.command("list")
def articles_list(
    site: SiteArgument,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    json_: JsonFlag = False,
) -> None:
    """List a site's articles, newest first, with their visibility and since when they are offline."""
    from tts_service.jobs.known import known_articles

    rows = [
        {
            "id": found.external_id,
            "heard by": "nobody" if found.withdrawn_ms is not None else found.visibility,
            "offline since": _when(found.withdrawn_ms),
            "language": found.locale,
            "title": found.title,
        }
        for found in known_articles(built().database, site, limit)
    ]
    show_rows(rows, json_)


@articles_app.command("withdraw")
def articles_withdraw(
    site: SiteArgument,
    article: Annotated[
        str, typer.Argument(help="The article's id in the CMS; a document's id means all its languages.")
    ],
) -> None:
    """Take an article's audio offline at once. It comes back when its CMS publishes it again."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.jobs.control import withdraw as take_offline

    for external_id in take_offline(built(), site, article, who=COMMAND_LINE):
        typer.echo(f"{external_id} is offline")


def _when(ms: int | None) -> str | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC).isoformat(" ", "seconds")[:19]
