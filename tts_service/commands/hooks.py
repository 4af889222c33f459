"""hooks: the addresses that CMSs call."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tts_service.commands.app import JsonFlag, app, as_json, noted, say, settings
from tts_service.errors import InputRefused
from tts_service.parts import Parts

if TYPE_CHECKING:
    from tts_service.cms.sources.base import HookOptions

hooks_app = typer.Typer(
    help="CMS webhooks: add, list, set, remove, test; events: see them, have one done again.",
    invoke_without_command=True,
)
app.add_typer(hooks_app, name="hooks")

HookArgument = Annotated[str, typer.Argument(help="An id that `hooks list` shows.")]
TypesOption = Annotated[list[str], typer.Option("--type", help="A content type that is an article; may be repeated.")]
FieldsOption = Annotated[
    list[str], typer.Option("--field", help="Where the CMS keeps something: body=content, title=headline, …")
]
SetOption = Annotated[
    list[str], typer.Option("--set", help="url=https://…/{slug}, language=de, voice=…, api_url=…, api_token=…, …")
]


@hooks_app.callback()
def hooks(context: typer.Context, json_: JsonFlag = False) -> None:
    """Every address that a CMS calls."""
    if not context.invoked_subcommand:
        list_all(json_)


@hooks_app.command("list")
def list_all(json_: JsonFlag = False) -> None:
    """Every address that a CMS calls, without its secret."""
    from tts_service.cms.inbox.addresses import list_hooks

    found = list_hooks(parts().database)
    if json_:
        typer.echo(as_json([asdict(hook) for hook in found]))
        return
    for hook in found:
        shown = {name: "…" if name == "api_token" else value for name, value in hook.options.items()}
        typer.echo(f"{hook.id}  {hook.source}  {hook.site}  {shown or ''}")


@hooks_app.command("add")
def add(
    source: Annotated[str, typer.Argument(help="Kind of CMS: ghost, wordpress, contentful, sanity, …")],
    site: Annotated[str, typer.Option(help="Short name of the site whose articles come from there.")],
    secret: Annotated[str | None, typer.Option(help="Where the CMS makes its own; else one is made here.")] = None,
    types: TypesOption = [],  # noqa: B006 - Typer reads it
    places: FieldsOption = [],  # noqa: B006
    values: SetOption = [],  # noqa: B006
) -> None:
    """Make an address for a CMS; prints what to enter where. The secret is shown this once."""
    from tts_service.cms.inbox.addresses import add_hook, hook_path
    from tts_service.cms.sources.registry import source_named
    from tts_service.public_addresses import public_url

    made = parts()
    hook = add_hook(made.database, source, site, _options(types, places, values), secret)
    noted(made, "hook.added", hook.id, site, source=source)
    typer.echo(f"Hook {hook.id}\n")
    for line in source_named(source).advice(public_url(made.settings, hook_path(hook)), hook):
        typer.echo(line)
    typer.echo(f"\nStep by step: docs/cms/{source}.md. Try the line: tts-service hooks test {hook.id}")
    if not made.settings.public_url:
        say("warning: TTS_PUBLIC_URL isn't set: a CMS on another machine can't reach this address.")


@hooks_app.command("set")
def change(
    hook_id: HookArgument,
    types: TypesOption = [],  # noqa: B006
    places: FieldsOption = [],  # noqa: B006
    values: SetOption = [],  # noqa: B006
) -> None:
    """Settle a hook's options anew, in place of all there were; address and secret stay."""
    from tts_service.cms.inbox.addresses import change_hook

    made = parts()
    row = change_hook(made.database, hook_id, _options(types, places, values))
    noted(made, "hook.changed", row.id, row.site, source=row.source, options=sorted(row.options))


@hooks_app.command("remove")
def remove(hook_id: HookArgument) -> None:
    """End an address: what is sent there is refused from now on."""
    from tts_service.cms.inbox.addresses import remove_hook

    made = parts()
    row = remove_hook(made.database, hook_id)
    noted(made, "hook.removed", row.id, row.site, source=row.source)


def parts() -> Parts:
    """The parts of this process."""
    from tts_service.wiring import build

    return build(settings())


def _options(types: list[str], places: list[str], values: list[str]) -> HookOptions:
    from tts_service.cms.inbox.addresses import options_given

    return options_given(_pairs(values), types, _pairs(places))


def _pairs(given: list[str]) -> dict[str, str]:
    """`name=value` each. Raises InputRefused."""
    pairs = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not value:
            raise InputRefused(f"{pair[:80]!r} can't be read: write name=value.")
        pairs[name.strip()] = value.strip()
    return pairs
