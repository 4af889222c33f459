"""callbacks: publishers' endpoints, delivery log, replay."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tts_service.commands.app import JsonFlag, app, as_json, say, settings

if TYPE_CHECKING:
    from tts_service.callbacks.secret import Signing
    from tts_service.db.tables import CallbackEndpointRow, DeliveryRow
    from tts_service.parts import Parts

callbacks_app = typer.Typer(
    help="Callbacks: add, change, test and remove endpoints; show and resend deliveries.",
    invoke_without_command=True,
)
app.add_typer(callbacks_app, name="callbacks")

EndpointArgument = Annotated[str, typer.Argument(help="An id from `callbacks list`.")]
DeliveryArgument = Annotated[str, typer.Argument(help="An id from `callbacks deliveries`.")]
Events = Annotated[str | None, typer.Option(help="Event types to send, separated by commas; '' for all.")]
Overlap = Annotated[int, typer.Option(help="Hours for which the old secret stays valid.")]


@callbacks_app.callback()
def callbacks(context: typer.Context, json_: JsonFlag = False) -> None:
    """List the endpoints that receive results."""
    if not context.invoked_subcommand:
        callbacks_list(json_=json_)


@callbacks_app.command("list")
def callbacks_list(
    site: Annotated[str | None, typer.Option(help="Only endpoints of this site.")] = None, json_: JsonFlag = False
) -> None:
    """List the endpoints that receive results, and the hosts of jobs' callback_urls."""
    from tts_service.callbacks.endpoints import list_endpoints

    rows = list_endpoints(_parts().database, site)
    if json_:
        typer.echo(as_json([_facts(row) for row in rows]))
        return
    for row in rows:
        typer.echo(f"{row.id}  {row.site or 'every site'}  {row.url}  {row.events or 'all events'}  {_state(row)}")


@callbacks_app.command("add")
def callbacks_add(
    url: Annotated[str, typer.Argument(help="https URL that accepts POST requests.")],
    site: Annotated[str | None, typer.Option(help="Only this site's events (default: every site's).")] = None,
    events: Events = None,
    note: Annotated[str, typer.Option(help="A note for staff.")] = "",
    json_: JsonFlag = False,
) -> None:
    """Add an endpoint; prints its id and its signing secret."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.callbacks.endpoints import EndpointDraft, add_endpoint

    draft = EndpointDraft(url=url, site=site, events=_types(events) or (), note=note)
    row, secret = add_endpoint(_parts(), draft, who=COMMAND_LINE)
    typer.echo(as_json({**_facts(row), "secret": secret}) if json_ else f"{row.id}\n{secret}")


@callbacks_app.command("change")
def callbacks_change(
    endpoint: EndpointArgument,
    url: Annotated[str | None, typer.Option(help="New URL.")] = None,
    events: Events = None,
    note: Annotated[str | None, typer.Option(help="A note for staff.")] = None,
    on: Annotated[bool | None, typer.Option("--on/--off", help="Switch the endpoint on or off.")] = None,
) -> None:
    """Change an endpoint: its URL, its events, or whether it is on."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.callbacks.endpoints import Change, change_endpoint

    change = Change(url=url, events=_types(events), note=note, enabled=on)
    change_endpoint(_parts(), endpoint, change, who=COMMAND_LINE)


@callbacks_app.command("remove")
def callbacks_remove(endpoint: EndpointArgument) -> None:
    """Remove an endpoint."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.callbacks.endpoints import remove_endpoint

    remove_endpoint(_parts(), endpoint, who=COMMAND_LINE)


@callbacks_app.command("rotate")
def callbacks_rotate(endpoint: EndpointArgument, overlap_h: Overlap = 24, json_: JsonFlag = False) -> None:
    """Create a new secret; the old one stays valid for a while."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.callbacks.endpoints import find_endpoint
    from tts_service.callbacks.secret import rotate as rotate_secret

    parts = _parts()
    with parts.database.reading() as session:
        row = find_endpoint(session, endpoint)
    found = rotate_secret(parts.database, row.secret_owner, overlap_h, site=row.site, who=COMMAND_LINE)
    _show_secret(found, json_)


@callbacks_app.command()
def secret(
    site: Annotated[str, typer.Argument(help="The site's short name.")],
    rotate: Annotated[bool, typer.Option("--rotate", help="Create a new secret.")] = False,
    overlap_h: Overlap = 24,
    json_: JsonFlag = False,
) -> None:
    """Show the secret that signs callbacks to the callback_urls of a site's jobs."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.callbacks import secret as secrets

    parts, owner = _parts(), secrets.site_owner(site)
    if rotate:
        found = secrets.rotate(parts.database, owner, overlap_h, site=site, who=COMMAND_LINE)
    else:
        found = secrets.show_secret(parts.database, owner)
    _show_secret(found, json_)


@callbacks_app.command("test")
def callbacks_test(endpoint: EndpointArgument) -> None:
    """Send a test event from this machine and print the response. Exit code 1 if it wasn't accepted."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.callbacks.deliver import deliver_now
    from tts_service.callbacks.log import send_test
    from tts_service.http.client import outbound_of

    parts = _parts()
    row = send_test(parts, endpoint, who=COMMAND_LINE, ring=False)
    deliver_now(parts, outbound_of(parts.settings), row.id)
    _tell(parts, row.id)


@callbacks_app.command("deliveries")
def list_deliveries(
    endpoint: Annotated[str | None, typer.Option(help="Only deliveries to this endpoint.")] = None,
    state: Annotated[str | None, typer.Option(help="pending, delivered or failed.")] = None,
    limit: int = 20,
    json_: JsonFlag = False,
) -> None:
    """List the newest deliveries."""
    from tts_service.callbacks.log import Filter, deliveries

    with _parts().database.reading() as session:
        rows = deliveries(session, Filter(endpoint=endpoint, state=state, limit=limit))
    if json_:
        typer.echo(as_json([_delivery(row) for row in rows]))
        return
    for row in rows:
        typer.echo(f"{row.id}  {_time(row.created_ms)}  {row.type}  {row.site}  {row.state}  {row.reason}")


@callbacks_app.command("show")
def callbacks_show(delivery: DeliveryArgument) -> None:
    """Show a delivery with its body and all attempts, as JSON."""
    from tts_service.callbacks.log import attempts, find_delivery

    with _parts().database.reading() as session:
        row = find_delivery(session, delivery)
        tries = [
            {
                "number": one.number,
                "url": one.url,
                "at": _time(one.started_ms),
                "took_ms": one.took_ms,
                "status": one.status,
                "reason": one.reason,
                "answer": one.answer,
            }
            for one in attempts(session, delivery)
        ]
    typer.echo(as_json({**_delivery(row), "body": json.loads(row.body), "tries": tries}))


@callbacks_app.command("replay")
def callbacks_replay(delivery: DeliveryArgument) -> None:
    """Resend a delivery now: the same id and body, a new round of attempts."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.callbacks.log import replay as send_again

    send_again(_parts(), delivery, who=COMMAND_LINE)


def _tell(parts: Parts, delivery: str) -> None:
    from tts_service.callbacks.log import attempts

    with parts.database.reading() as session:
        tries = attempts(session, delivery)
    if not tries:
        say(
            "The delivery is waiting: four others to this endpoint are in progress, "
            "or the endpoint is paused after failures."
        )
        raise typer.Exit(1)
    typer.echo(f"{tries[-1].status or 'no response'} after {tries[-1].took_ms} ms {tries[-1].reason}".rstrip())
    if tries[-1].answer:
        say(tries[-1].answer)
    if tries[-1].reason:
        raise typer.Exit(1)


def _types(events: str | None) -> tuple[str, ...] | None:
    return None if events is None else tuple(name.strip() for name in events.split(",") if name.strip())


def _state(row: CallbackEndpointRow) -> str:
    if row.disabled_ms is not None:
        return f"off: {row.disabled_reason}"
    return f"failing ({row.failures} in a row)" if row.failures else "on"


def _facts(row: CallbackEndpointRow) -> dict[str, object]:
    return {
        "id": row.id,
        "site": row.site,
        "url": row.url,
        "from_jobs": row.jobs_key is not None,
        "note": row.note,
        "events": row.events.split(",") if row.events else [],
        "state": _state(row),
    }


def _delivery(row: DeliveryRow) -> dict[str, object]:
    return {
        "id": row.id,
        "event": row.event_id,
        "type": row.type,
        "site": row.site,
        "endpoint": row.endpoint_id,
        "state": row.state,
        "reason": row.reason,
        "attempts": row.attempts,
        "created_at": _time(row.created_ms),
    }


def _show_secret(signing: Signing, json_: bool) -> None:
    until = None if signing.older_until_ms is None else _time(signing.older_until_ms)
    typer.echo(as_json({"secret": signing.secret, "older_until": until}) if json_ else signing.secret)


def _time(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _parts() -> Parts:
    from tts_service.wiring import build

    return build(settings())
