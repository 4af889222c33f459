"""hooks: the addresses that CMSs call."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tts_service.commands.app import JsonFlag, app, as_json, say, settings
from tts_service.errors import InputRefused

if TYPE_CHECKING:
    from tts_service.cms.sources.base import HookOptions
    from tts_service.parts import Parts

hooks_app = typer.Typer(
    help="CMS webhooks: add, list, set, remove, test; events: list, replay.",
    invoke_without_command=True,
)
app.add_typer(hooks_app, name="hooks")

HookArgument = Annotated[str, typer.Argument(help="An id from `hooks list`.")]
TypesOption = Annotated[list[str], typer.Option("--type", help="A content type that holds articles; can be repeated.")]
FieldsOption = Annotated[
    list[str], typer.Option("--field", help="The CMS's name for a field: body=content, title=headline, …")
]
SetOption = Annotated[
    list[str], typer.Option("--set", help="url=https://…/{slug}, language=de, voice=…, api_url=…, api_token=…, …")
]


@hooks_app.callback()
def hooks(context: typer.Context, json_: JsonFlag = False) -> None:
    """List the webhook addresses."""
    if not context.invoked_subcommand:
        hooks_list(json_)


@hooks_app.command("list")
def hooks_list(json_: JsonFlag = False) -> None:
    """List the webhook addresses, without their secrets."""
    from tts_service.cms.inbox.addresses import list_hooks

    found = list_hooks(parts().database)
    if json_:
        typer.echo(as_json([asdict(hook) for hook in found]))
        return
    for hook in found:
        shown = {name: "…" if name == "api_token" else value for name, value in hook.options.items()}
        typer.echo(f"{hook.id}  {hook.source}  {hook.site}  {shown or ''}")


@hooks_app.command("add")
def hooks_add(
    source: Annotated[str, typer.Argument(help="Type of CMS: ghost, wordpress, contentful, sanity, …")],
    site: Annotated[str, typer.Option(help="Short name of the site that the CMS publishes.")],
    secret: Annotated[str | None, typer.Option(help="Secret created by the CMS (default: a new one).")] = None,
    types: TypesOption = [],  # noqa: B006 - Typer reads it
    places: FieldsOption = [],  # noqa: B006
    values: SetOption = [],  # noqa: B006
) -> None:
    """Create a webhook address for a CMS and print what to enter there. The secret is shown only once."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.cms.inbox.addresses import add_hook, hook_path
    from tts_service.cms.sources.registry import source_named
    from tts_service.public_addresses import public_url

    made = parts()
    hook = add_hook(made.database, source, site, _options(types, places, values), secret, who=COMMAND_LINE)
    typer.echo(f"Hook {hook.id}\n")
    for line in source_named(source).advice(public_url(made.settings, hook_path(hook)), hook):
        typer.echo(line)
    typer.echo(f"\nStep by step: docs/cms/{source}.md. Test the connection: tts-service hooks test {hook.id}")
    if not made.settings.public_url:
        say("warning: TTS_PUBLIC_URL isn't set: a CMS on another machine can't reach this address.")


@hooks_app.command("set")
def hooks_set(
    hook_id: HookArgument,
    types: TypesOption = [],  # noqa: B006
    places: FieldsOption = [],  # noqa: B006
    values: SetOption = [],  # noqa: B006
) -> None:
    """Replace all options of a hook; its address and secret stay."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.cms.inbox.addresses import change_hook

    change_hook(parts().database, hook_id, _options(types, places, values), who=COMMAND_LINE)


@hooks_app.command("remove")
def hooks_remove(hook_id: HookArgument) -> None:
    """Remove a hook: webhooks sent to its address are refused from now on."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.cms.inbox.addresses import remove_hook

    remove_hook(parts().database, hook_id, who=COMMAND_LINE)


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
            raise InputRefused(f"{pair[:80]!r} is not valid: write name=value.")
        pairs[name.strip()] = value.strip()
    return pairs
