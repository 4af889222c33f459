"""keys: API keys."""

from __future__ import annotations

from typing import Annotated

import typer

from tts_service.commands.app import JsonFlag, app, built, say, show_rows

keys_app = typer.Typer(help="API keys: list, add, rotate, revoke.", invoke_without_command=True)
app.add_typer(keys_app, name="keys")

KeyArgument = Annotated[str, typer.Argument(help="The 8 characters after ltk_.")]


@keys_app.callback()
def keys(context: typer.Context, json_: JsonFlag = False) -> None:
    """List the keys and when each was last used, without their secrets."""
    if context.invoked_subcommand:
        return
    from tts_service.access.keys import list_keys

    show_rows([dict(key) for key in list_keys(built().database)], json_)


@keys_app.command("add")
def keys_add(
    name: Annotated[str, typer.Argument(help="Name of the key: who uses it.")],
    scopes: Annotated[
        str, typer.Option(help="jobs:write,jobs:read,reports,sites,lexicon,callbacks,clips:grant")
    ] = "jobs:write,jobs:read",
    site: Annotated[str | None, typer.Option(help="Limit the key to this site.")] = None,
    days: Annotated[int | None, typer.Option(help="Days until the key expires.")] = None,
) -> None:
    """Create a key. It is shown only once."""
    from tts_service.access.keys import create_key

    typer.echo(create_key(built().database, name, tuple(scopes.split(",")), site=site, days=days))


@keys_app.command("rotate")
def keys_rotate(
    key_id: KeyArgument,
    days: Annotated[int, typer.Option(min=0, help="Days for which the old key stays valid.")] = 7,
) -> None:
    """Create a key that replaces another one, with the same rights. It is shown only once."""
    from tts_service.access.keys import rotate_key

    typer.echo(rotate_key(built().database, key_id, days))
    say(f"{key_id} stays valid for {days} more days; to revoke it sooner, run `tts-service keys revoke {key_id}`.")


@keys_app.command()
def revoke(key_id: KeyArgument) -> None:
    """Revoke a key immediately."""
    from tts_service.access.keys import revoke_key

    revoke_key(built().database, key_id)
