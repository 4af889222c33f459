"""sites checks: rounds in which known articles are checked against their CMS."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tts_service.commands.app import JsonFlag, as_json, minute_of, say, settings
from tts_service.commands.sites import SiteArgument, sites_app

if TYPE_CHECKING:
    from tts_service.parts import Parts


class ChecksAction(StrEnum):
    """What is done about a site's checks."""

    START = "start"
    BACK = "back"
    ACCEPT = "accept"


@sites_app.command()
def checks(
    site: SiteArgument,
    doing: Annotated[
        ChecksAction | None,
        typer.Argument(
            help="Nothing: show the checks. start: start a round now. back: "
            "restore everything that checks took offline. "
            "accept: end an alarm because the articles really are closed."
        ),
    ] = None,
    json_: JsonFlag = False,
) -> None:
    """Show or control the checks of a site's articles against its CMS."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.cms.checks.restore import restore_articles
    from tts_service.cms.checks.rounds import check_all_soon
    from tts_service.cms.checks.staff import accept_closings
    from tts_service.wiring import build

    parts = build(settings())
    if doing is ChecksAction.START:
        check_all_soon(parts, site, COMMAND_LINE)
        say("The round starts within seconds.")
    elif doing is ChecksAction.BACK:
        say(f"Articles restored: {restore_articles(parts, site, None, COMMAND_LINE)}.")
    elif doing is ChecksAction.ACCEPT:
        accept_closings(parts, site, COMMAND_LINE)
        say("The alarm is over.")
    else:
        _show(parts, site, json_)


def _show(parts: Parts, site: str, json_: bool) -> None:
    from tts_service.cms.checks.staff import checks_of, rounds_of

    sites = (site,) if site else None
    rounds, found = rounds_of(parts.database, sites), checks_of(parts.database, sites)
    if json_:
        typer.echo(as_json({"rounds": [asdict(one) for one in rounds], "found": [asdict(one) for one in found]}))
        return
    for one in rounds:
        counts = ", ".join(f"{count} {name}" for name, count in (one.counts if one.running else one.last).items())
        state = "running" if one.running else f"ended {minute_of(one.ended_ms)}, next {minute_of(one.due_ms)}"
        typer.echo(f"{one.site}: {state}\n  {counts}")
        if one.alarm_ms:
            typer.echo(f"  alarm since {minute_of(one.alarm_ms)}: more articles than usual look closed")
    for check in found:
        typer.echo(f"{check.acted or 'in doubt'}: {check.external_id}  {check.url or ''}\n  {check.reason}")
