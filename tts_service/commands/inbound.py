"""hooks test, hooks events, hooks replay: what came in from CMSs."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tts_service.commands.app import JsonFlag, as_json, noted
from tts_service.commands.hooks import HookArgument, hooks_app, parts
from tts_service.errors import Conflict, NotFound, RemoteUnavailable

if TYPE_CHECKING:
    from tts_service.hooks.staff import EventFacts
    from tts_service.parts import Parts

_WAIT_S = 30.0


@hooks_app.command("events")
def events(
    state: Annotated[str | None, typer.Option(help="received, done, ignored, failed, refused.")] = None,
    limit: int = 20,
    json_: JsonFlag = False,
) -> None:
    """What came in, newest first, and what became of it."""
    from tts_service.hooks.staff import list_events

    found = list_events(parts().database, state=state, limit=limit)
    if json_:
        typer.echo(as_json([asdict(event) for event in found]))
        return
    for event in found:
        typer.echo(_line(event))


@hooks_app.command("replay")
def replay_event(
    event_id: Annotated[str, typer.Argument(help="An id that `hooks events` shows.")],
    vouch: Annotated[
        bool, typer.Option("--vouch", help="Don't look at the signature: you know it is genuine.")
    ] = False,
) -> None:
    """Have an event done again, also a refused one whose signature fits by now (its age doesn't matter then)."""
    from tts_service.hooks.staff import event_facts, replay

    made = parts()
    replay(made.database, event_id, vouch=vouch)
    noted(made, "event.replayed", event_id, event_facts(made.database, event_id).site, vouched=vouch)
    typer.echo(_line(_ended(made, event_id)))


@hooks_app.command("test")
def test(
    hook_id: HookArgument,
    to: Annotated[str | None, typer.Option(help="Where the service listens (default: TTS_HOST and TTS_PORT).")] = None,
) -> None:
    """Send a signed sample article through the real address, as the CMS would, and see what becomes of it."""
    import httpx

    from tts_service.hooks.book import find_hook, hook_path
    from tts_service.intake.registry import SOURCES
    from tts_service.intake.sample import SAMPLE

    made = parts()
    hook = find_hook(made.database, hook_id)
    if hook is None:
        raise NotFound(f"There is no hook {hook_id[:64]}.")
    base = (to or f"http://{made.settings.host}:{made.settings.port}").rstrip("/")
    prefix = httpx.URL(made.settings.base_url).path.rstrip("/")
    sent = SOURCES[hook.source].sample(SAMPLE, hook, prefix + hook_path(hook), time.time_ns() // 1_000_000)
    try:
        answer = httpx.post(base + hook_path(hook), content=sent.body, headers=dict(sent.headers), trust_env=False)
    except httpx.HTTPError as error:
        raise RemoteUnavailable(f"Nothing answers at {base}: {error}. Is the service running there?") from error
    typer.echo(f"{answer.status_code} after {answer.elapsed.total_seconds() * 1000:.0f} ms")
    if not answer.is_success:
        raise Conflict(answer.json().get("detail", answer.text[:200]))
    event = _ended(made, answer.json()["event"])
    typer.echo(_line(event))
    for outcome in event.outcome or ():
        if outcome["job"]:
            typer.echo(f"Listen: {_listen_url(made, outcome['job'])}")
            typer.echo(f"It is a real article; take it offline: DELETE /v1/articles/{hook.site}/{SAMPLE.external_id}")


def _ended(made: Parts, event_id: str) -> EventFacts:
    """The event once beat or a worker has done it, or as it stands after a while."""
    from tts_service.hooks.staff import event_facts

    until = time.monotonic() + _WAIT_S
    while (event := event_facts(made.database, event_id)).state == "received" and time.monotonic() < until:
        time.sleep(0.2)
    return event


def _listen_url(made: Parts, job_id: str) -> str:
    from tts_service.db.tables import JobRow
    from tts_service.public_addresses import listen_url

    with made.database.reading() as session:
        job = session.get(JobRow, job_id)
    return listen_url(made.settings, job.clip_id) if job else ""


def _line(event: EventFacts) -> str:
    when = datetime.fromtimestamp(event.received_ms / 1000, UTC).isoformat(" ", "seconds")[:19]
    what = f"{event.kind or '-'} {event.external_id or ''}".strip()
    done = ", ".join(f"{one['external_id']}: {one['state']} {one['job'] or ''}".strip() for one in event.outcome or ())
    return "  ".join(
        part for part in (event.id, when, event.source, event.site, event.state, what, done, event.reason) if part
    )
