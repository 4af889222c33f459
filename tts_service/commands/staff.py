"""staff: accounts; log: the audit log."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from tts_service.commands.app import JsonFlag, app, built, settings, show_rows

staff_app = typer.Typer(
    help="Staff: list, link (sign in once), invite, role, shut-out, let-back.", invoke_without_command=True
)
app.add_typer(staff_app, name="staff")

NameArgument = Annotated[str, typer.Argument(help="Their name, as `staff` lists it: an e-mail address.")]


class RoleName(StrEnum):
    """staff: reports and the lexicon; admin: also people and the log."""

    STAFF = "staff"
    ADMIN = "admin"


@staff_app.callback()
def staff(context: typer.Context, json_: JsonFlag = False) -> None:
    """Everybody who has an account."""
    if context.invoked_subcommand:
        return
    from tts_service.access.staff import people

    rows = [
        {
            "id": row.id,
            "name": row.name,
            "role": row.role,
            "password": row.password_hash is not None,
            "elsewhere": row.oidc_issuer,
            "shut_out": row.disabled_ms is not None,
        }
        for row in people(built().database)
    ]
    show_rows(rows, json_)


@staff_app.command()
def link() -> None:
    """An address that signs the operator in once, within a day."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.web.staff.sign_in import staff_link

    typer.echo(staff_link(settings(), built().database, COMMAND_LINE))


@staff_app.command()
def invite(
    name: Annotated[str, typer.Argument(help="An e-mail address; whoever has an account may choose a new password.")],
    role: Annotated[RoleName, typer.Option(help="Role of a new account.")] = RoleName.STAFF,
) -> None:
    """An address where somebody chooses a password, once, within a week."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.access.staff import add_person, people
    from tts_service.web.staff.sign_in import invitation_link

    database = built().database
    known = next((row for row in people(database) if row.name == name.strip().lower()), None)
    row = known or add_person(database, name, role.value, COMMAND_LINE)
    typer.echo(invitation_link(settings(), database, row.id, COMMAND_LINE))


@staff_app.command("role")
def change_role(name: NameArgument, role: RoleName) -> None:
    """Give somebody another role."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.access.staff import named, set_role

    database = built().database
    set_role(database, named(database, name).id, role.value, COMMAND_LINE)


@staff_app.command("shut-out")
def end_account(name: NameArgument) -> None:
    """End somebody's account and sessions at once."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.access.staff import named, shut_out

    database = built().database
    shut_out(database, named(database, name).id, COMMAND_LINE)


@staff_app.command("let-back")
def open_account(name: NameArgument) -> None:
    """Open somebody's account again."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.access.staff import let_back, named

    database = built().database
    let_back(database, named(database, name).id, COMMAND_LINE)


@app.command()
def log(most: Annotated[int, typer.Option(min=1)] = 50, json_: JsonFlag = False) -> None:
    """Who did what, newest first."""
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
