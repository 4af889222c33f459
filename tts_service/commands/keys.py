"""keys: API keys."""

from __future__ import annotations

from typing import Annotated

import typer

from tts_service.commands.app import JsonFlag, app, built, say, show_rows

keys_app = typer.Typer(help="API keys: list, add, rotate, revoke.", invoke_without_command=True)
app.add_typer(keys_app, name="keys")

KeyArgument = Annotated[str, typer.Argument(help="The 8 characters behind ltk_.")]


@keys_app.callback()
def keys(context: typer.Context, json_: JsonFlag = False) -> None:
    """The keys that are there, and when each was last used (never their secrets)."""
    if context.invoked_subcommand:
        return
    from tts_service.access.keys import list_keys

    show_rows([dict(key) for key in list_keys(built().database)], json_)


@keys_app.command("add")
def keys_add(
    name: Annotated[str, typer.Argument(help="Who uses it.")],
    scopes: Annotated[
        str, typer.Option(help="jobs:write,jobs:read,reports,sites,lexicon,callbacks,clips:grant")
    ] = "jobs:write,jobs:read",
    site: Annotated[str | None, typer.Option(help="Only this site.")] = None,
    days: Annotated[int | None, typer.Option(help="Expires after so many days.")] = None,
) -> None:
    """Make a key. It is shown this once."""
    from tts_service.access.keys import create_key

    typer.echo(create_key(built().database, name, tuple(scopes.split(",")), site=site, days=days))


@keys_app.command("rotate")
def keys_rotate(
    key_id: KeyArgument,
    days: Annotated[int, typer.Option(min=0, help="Days the old key works beside the new one.")] = 7,
) -> None:
    """Make the key that takes another's place, with the same rights. It is shown this once."""
    from tts_service.access.keys import rotate_key

    typer.echo(rotate_key(built().database, key_id, days))
    say(f"{key_id} works for {days} more days; end it sooner with `tts-service keys revoke {key_id}`.")


@keys_app.command()
def revoke(key_id: KeyArgument) -> None:
    """End a key at once."""
    from tts_service.access.keys import revoke_key

    revoke_key(built().database, key_id)
