"""staff: accounts; log: the audit log."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from tts_service.commands.app import JsonFlag, app, built, settings, show_rows

staff_app = typer.Typer(
    help="Staff: list accounts, link (sign in once), invite, role, sites, shut-out (lock), let-back (unlock).",
    invoke_without_command=True,
)
app.add_typer(staff_app, name="staff")

NameArgument = Annotated[str, typer.Argument(help="The account's name from `staff`: an e-mail address.")]


class RoleName(StrEnum):
    """staff: reports, articles and the lexicon of their sites; admin: everything, of all sites."""

    STAFF = "staff"
    ADMIN = "admin"


@staff_app.callback()
def staff(context: typer.Context, json_: JsonFlag = False) -> None:
    """List the accounts."""
    if context.invoked_subcommand:
        return
    from tts_service.access.staff import people

    rows = [
        {
            "id": row.id,
            "name": row.name,
            "role": row.role,
            "sites": row.sites,
            "password": row.password_hash is not None,
            "elsewhere": row.oidc_issuer,
            "shut_out": row.disabled_ms is not None,
        }
        for row in people(built().database)
    ]
    show_rows(rows, json_)


@staff_app.command()
def link() -> None:
    """Print a link that signs the operator in once, within a day."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.access.links import staff_link

    typer.echo(staff_link(settings(), built().database, COMMAND_LINE))


@staff_app.command("invite")
def staff_invite(
    name: Annotated[
        str, typer.Argument(help="An e-mail address; the owner of an existing account can set a new password.")
    ],
    role: Annotated[RoleName, typer.Option(help="Role of a new account.")] = RoleName.STAFF,
    site: Annotated[list[str] | None, typer.Option(help="A site of a new account; repeat it for several.")] = None,
    all_sites: Annotated[
        bool, typer.Option("--all-sites", help="Give a new account all sites, those to come too. Admins have them.")
    ] = False,
) -> None:
    """Print a link for setting a password, valid once, within a week. A new account needs --site or --all-sites."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.access.links import invitation_link
    from tts_service.access.staff import add_person, people

    database = built().database
    known = next((row for row in people(database) if row.name == name.strip().lower()), None)
    if site and all_sites:
        raise typer.BadParameter("Give either --site or --all-sites, not both.")
    if not (known or site or all_sites or role is RoleName.ADMIN):
        raise typer.BadParameter("A new account needs its sites: --site NAME for each, or --all-sites.")
    row = known or add_person(database, name, role.value, COMMAND_LINE, site or None)
    typer.echo(invitation_link(settings(), database, row.id, COMMAND_LINE))


@staff_app.command("role")
def change_role(name: NameArgument, role: RoleName) -> None:
    """Change an account's role."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.access.staff import set_role, staff_named

    database = built().database
    set_role(database, staff_named(database, name).id, role.value, COMMAND_LINE)


@staff_app.command("sites")
def change_sites(
    name: NameArgument,
    sites: Annotated[list[str] | None, typer.Argument(help="The sites they see and change.")] = None,
    all_sites: Annotated[bool, typer.Option("--all-sites", help="All sites, those to come too.")] = False,
) -> None:
    """Say which sites an account sees and changes: by name, or --all-sites."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.access.staff import set_sites, staff_named

    database = built().database
    if bool(sites) == all_sites:
        raise typer.BadParameter("Give the sites by name, or --all-sites.")
    set_sites(database, staff_named(database, name).id, sites or None, COMMAND_LINE)


@staff_app.command("shut-out")
def end_account(name: NameArgument) -> None:
    """Lock an account and end its sessions immediately."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.access.staff import shut_out, staff_named

    database = built().database
    shut_out(database, staff_named(database, name).id, COMMAND_LINE)


@staff_app.command("let-back")
def open_account(name: NameArgument) -> None:
    """Unlock an account."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.access.staff import let_back, staff_named

    database = built().database
    let_back(database, staff_named(database, name).id, COMMAND_LINE)


@app.command()
def log(most: Annotated[int, typer.Option(min=1)] = 50, json_: JsonFlag = False) -> None:
    """Show the audit log, newest first."""
    from tts_service.access.audit import deeds

    rows = [
        {
            "at": datetime.fromtimestamp(row.at_ms / 1000, UTC).isoformat(timespec="seconds"),
            "who": row.who,
            "what": row.what,
            "subject": row.subject,
            "site": row.site,
            "details": row.details,
        }
        for row in deeds(built().database, most=most)
    ]
    show_rows(rows, json_)
