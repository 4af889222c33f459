"""hooks test, hooks events, hooks replay: received webhooks."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tts_service.commands.app import JsonFlag, as_json
from tts_service.commands.hooks import HookArgument, hooks_app, parts
from tts_service.errors import Conflict, NotFound, RemoteUnavailable

if TYPE_CHECKING:
    from tts_service.cms.inbox.staff import EventFacts
    from tts_service.cms.sources.base import Hook
    from tts_service.parts import Parts

_WAIT_S = 30.0


@hooks_app.command("events")
def events(
    state: Annotated[str | None, typer.Option(help="received, done, ignored, failed or refused.")] = None,
    limit: int = 20,
    json_: JsonFlag = False,
) -> None:
    """List received webhooks, newest first, with their outcome."""
    from tts_service.cms.inbox.staff import list_events

    found = list_events(parts().database, state=state, limit=limit)
    if json_:
        typer.echo(as_json([asdict(event) for event in found]))
        return
    for event in found:
        typer.echo(_line(event))


@hooks_app.command("replay")
def replay_event(
    event_id: Annotated[str, typer.Argument(help="An id from `hooks events`.")],
    vouch: Annotated[
        bool, typer.Option("--vouch", help="Skip the signature check because you know that the event is genuine.")
    ] = False,
) -> None:
    """Process an event again, including a refused one if its signature is valid now (its age is not checked)."""
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.cms.inbox.staff import replay_webhook
    from tts_service.retention.hook_trial import event_ended

    made = parts()
    replay_webhook(made.database, event_id, who=COMMAND_LINE, vouch=vouch)
    typer.echo(_line(event_ended(made, event_id, _WAIT_S)))


@hooks_app.command("test")
def hooks_test(
    hook_id: HookArgument,
    to: Annotated[str | None, typer.Option(help="URL of the service (default: from TTS_HOST and TTS_PORT).")] = None,
) -> None:
    """Send a signed sample article to the hook's address, as the CMS would, and show the outcome.

    The sample is never public, and it is erased afterwards.
    """
    from tts_service.access.audit import COMMAND_LINE
    from tts_service.cms.inbox.addresses import find_hook
    from tts_service.retention.hook_trial import erase_sample, event_ended

    made = parts()
    hook = find_hook(made.database, hook_id)
    if hook is None:
        raise NotFound(f"There is no hook {hook_id[:64]}.")
    answer = _sent(made, hook, to)
    event_id = answer["event"]
    try:
        event = event_ended(made, event_id, _WAIT_S)
        typer.echo(_line(event))
        if event.state == "received":
            raise Conflict(
                f"Step 3 of 3, processing the article: not done within {_WAIT_S:g} s. Are beat and a worker running?"
            )
        if event.state == "failed":
            raise Conflict(f"Step 3 of 3, processing the article: {event.reason}")
    finally:
        erase_sample(made, hook.site, event_id, COMMAND_LINE)
    typer.echo(f"The connection works for site {hook.site}. The sample was never public and has been erased.")


def _sent(made: Parts, hook: Hook, to: str | None) -> dict[str, Any]:
    """What the service answers to the sample. Raises RemoteUnavailable, Conflict, with the step that failed."""
    import httpx

    from tts_service.cms.inbox.addresses import hook_path
    from tts_service.cms.sources.registry import SOURCES
    from tts_service.cms.sources.sample import SAMPLE
    from tts_service.public_addresses import public_path

    base = (to or made.settings.local_url).rstrip("/")
    path = public_path(made.settings, hook_path(hook))
    sent = SOURCES[hook.source].sample(SAMPLE, hook, path, time.time_ns() // 1_000_000)
    try:
        answer = httpx.post(base + hook_path(hook), content=sent.body, headers=dict(sent.headers), trust_env=False)
    except httpx.HTTPError as error:
        raise RemoteUnavailable(
            f"Step 1 of 3, reaching the service: no response from {base}: {error}. Is the service running there?"
        ) from error
    typer.echo(f"{answer.status_code} after {answer.elapsed.total_seconds() * 1000:.0f} ms")
    try:
        told = answer.json()
    except ValueError:
        told = {}
    if not answer.is_success or not isinstance(told, dict) or "event" not in told:
        detail = told.get("detail") if isinstance(told, dict) else None
        raise Conflict(f"Step 2 of 3, the delivery: {answer.status_code}: {detail or answer.text[:200]}")
    return told


def _line(event: EventFacts) -> str:
    when = datetime.fromtimestamp(event.received_ms / 1000, UTC).isoformat(" ", "seconds")[:19]
    what = f"{event.kind or '-'} {event.external_id or ''}".strip()
    done = ", ".join(f"{one['external_id']}: {one['state']} {one['job'] or ''}".strip() for one in event.outcome or ())
    again = f"received {event.again} more times" if event.again else ""
    shown = (event.id, when, event.source, event.site, event.state, what, done, event.reason, again)
    return "  ".join(part for part in shown if part)
