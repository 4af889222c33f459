"""sites: how each site's articles are spoken, and which pages are theirs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tts_service.commands.app import JsonFlag, app, as_json, settings
from tts_service.errors import InputRefused

if TYPE_CHECKING:
    from tts_service.parts import Parts

sites_app = typer.Typer(
    help="Sites: list, speech policy, origins, options, feeds and checks.", invoke_without_command=True
)
app.add_typer(sites_app, name="sites")

SiteArgument = Annotated[str, typer.Argument(help="The site's short name.")]


@sites_app.callback()
def sites(context: typer.Context, json_: JsonFlag = False) -> None:
    """List the sites that have sent articles or have their own policy."""
    if not context.invoked_subcommand:
        sites_list(json_)


@sites_app.command("list")
def sites_list(json_: JsonFlag = False) -> None:
    """List the sites that have sent articles or have their own policy."""
    from tts_service.newsroom.sites import list_sites

    found = list_sites(_parts().database)
    if json_:
        typer.echo(as_json([{"site": site.name, "policy": site.policy} for site in found]))
        return
    for site in found:
        typer.echo(f"{site.name}  {'default policy' if site.policy is None else 'own policy'}")


@sites_app.command("show")
def sites_show(site: SiteArgument) -> None:
    """Show a site's policy as JSON: as entered, and in effect together with the defaults."""
    from tts_service.newsroom.policies import policy_for, whole
    from tts_service.newsroom.sites import site_of

    parts = _parts()
    effective = whole(policy_for(parts.database, parts.settings, site))
    found = site_of(parts.database, site)
    shown = {"policy": found.policy, "kept_voices": found.kept_voices or {}, "effective": effective}
    typer.echo(as_json({"site": site} | shown))


@sites_app.command("set")
def sites_set(
    site: SiteArgument,
    policy: Annotated[
        Path, typer.Argument(help="JSON file with what differs from the default, as for PUT /v1/sites/SITE/policy.")
    ],
) -> None:
    """Set a site's policy, replacing the previous one."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.newsroom.policies import set_policy

    parts = _parts()
    set_policy(parts.database, parts.voices, site, _object_in(policy), who=COMMAND_LINE)


@sites_app.command("remove")
def sites_remove(site: SiteArgument) -> None:
    """Remove a site's policy: its articles are spoken with the default again."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.newsroom.policies import remove_policy

    remove_policy(_parts().database, site, who=COMMAND_LINE)


@sites_app.command("origins")
def sites_origins(
    site: SiteArgument,
    origins: Annotated[
        list[str], typer.Argument(help="https://www.example.org, …; they replace the previous ones.")
    ] = [],  # noqa: B006 - Typer reads it
    none: Annotated[bool, typer.Option("--none", help="Remove all origins.")] = False,
) -> None:
    """Set the origins of a site's pages, whose scripts may read clips and send feedback. Without any: show them."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.newsroom.sites import set_origins, site_of

    database = _parts().database
    if origins or none:
        set_origins(database, site, [] if none else origins, who=COMMAND_LINE)
    for origin in site_of(database, site).origins:
        typer.echo(origin)


@sites_app.command("options")
def sites_options(
    site: SiteArgument,
    options: Annotated[
        Path | None, typer.Argument(help="JSON file with what differs from the default (docs/feeds.md).")
    ] = None,
) -> None:
    """Set the options of a site's feeds and pages, replacing the previous ones. Without a file: show them."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.newsroom.sites import options_for, set_options, site_of
    from tts_service.values.site_options import whole_options

    parts = _parts()
    if options is not None:
        set_options(parts.database, site, _object_in(options), who=COMMAND_LINE)
    effective = whole_options(options_for(parts.database, site))
    typer.echo(as_json({"site": site, "options": site_of(parts.database, site).options, "effective": effective}))


def _object_in(file: Path) -> dict[str, Any]:
    """The JSON object in a file. Raises InputRefused."""
    try:
        given = json.loads(file.read_text(encoding="utf-8-sig"))
    except ValueError as error:  # not UTF-8, or not JSON
        raise InputRefused(f"{file} is not JSON in UTF-8: {error}") from error
    if not isinstance(given, dict):
        raise InputRefused(f"{file} must contain a JSON object.")
    return given


def _parts() -> Parts:
    from tts_service.wiring import build

    return build(settings())
