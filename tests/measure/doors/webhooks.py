"""Figures about webhooks for `make doors`: forged ones let in, and how fast a slow database is answered for.

python -m tests.measure.doors.webhooks [SECONDS [DATABASE_URL]]
"""

from __future__ import annotations

import logging
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import uvicorn
from sqlalchemy import event, func, select

from tests.measure.figures import Figure, exact
from tests.parts.factories import make_parts
from tests.parts.webhooks import (
    NAMES,
    Letter,
    body_of,
    delivery_of,
    desk,
    make_hook,
    now_ms,
    plain_headers,
    signature,
)
from tts_service.cms.inbox.addresses import hook_path
from tts_service.cms.sources.base import Delivery, Hook
from tts_service.cms.sources.signatures import TOLERANCE_MS
from tts_service.db.tables import InboundEventRow
from tts_service.parts import Parts
from tts_service.web.app import create_app

RATE = 50
"""Webhooks a second."""
SLOW_S = 0.2
"""What every statement takes longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forged:
    """Altered requests, and what became of them."""

    sent: int
    accepted: int
    statuses: dict[int, int]
    accepted_which: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How long answers took while the database was slow."""

    sent: int
    within_1_s: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    statuses: dict[int, int]


Change = Callable[[Hook, Delivery, random.Random], Delivery]


def _flip_body(_hook: Hook, fine: Delivery, chance: random.Random) -> Delivery:
    place = chance.randrange(len(fine.body))
    changed = bytes([fine.body[place] ^ (1 << chance.randrange(8))])
    return replace(fine, body=fine.body[:place] + changed + fine.body[place + 1 :])


def _longer_body(_hook: Hook, fine: Delivery, chance: random.Random) -> Delivery:
    return replace(fine, body=fine.body + chance.choice([b" ", b"\n", b"\0", b"{}"]))


def _shorter_body(_hook: Hook, fine: Delivery, chance: random.Random) -> Delivery:
    return replace(fine, body=fine.body[: -chance.randrange(1, 50)])


def _flip_signature(hook: Hook, fine: Delivery, chance: random.Random) -> Delivery:
    """One character of what signs it, the time included."""
    name = chance.choice(sorted(_signing(hook)))
    value = fine.headers[name]
    place = chance.randrange(len(value))
    other = chance.choice([c for c in "0123456789abcdefABCDEF+/=_-" if c.lower() != value[place].lower()])
    return replace(fine, headers={**fine.headers, name: value[:place] + other + value[place + 1 :]})


def _cut_signature(hook: Hook, fine: Delivery, chance: random.Random) -> Delivery:
    name = chance.choice(sorted(_signing(hook)))
    return replace(fine, headers={**fine.headers, name: fine.headers[name][: -chance.randrange(1, 12)]})


def _no_signature(hook: Hook, fine: Delivery, chance: random.Random) -> Delivery:
    gone = chance.choice(sorted(_signing(hook)))
    return replace(fine, headers={name: value for name, value in fine.headers.items() if name != gone})


def _other_secret(hook: Hook, fine: Delivery, chance: random.Random) -> Delivery:
    secret = hook.secret[:-9] + "".join(reversed(hook.secret[-9:-1])) + hook.secret[-1]
    return _signed_anew(replace(hook, secret=secret), fine, now_ms())


def _too_old(hook: Hook, fine: Delivery, chance: random.Random) -> Delivery:
    return _signed_anew(hook, fine, now_ms() - TOLERANCE_MS - chance.randrange(2_000, 10**10))


def _too_new(hook: Hook, fine: Delivery, chance: random.Random) -> Delivery:
    return _signed_anew(hook, fine, now_ms() + TOLERANCE_MS + chance.randrange(2_000, 10**10))


def _other_source(hook: Hook, fine: Delivery, chance: random.Random) -> Delivery:
    other = chance.choice([name for name in NAMES if name != hook.source])
    return replace(fine, path=fine.path.replace(hook.source, other))


CHANGES: tuple[Change, ...] = (
    _flip_body,
    _longer_body,
    _shorter_body,
    _flip_signature,
    _cut_signature,
    _no_signature,
    _other_secret,
    _too_old,
    _too_new,
    _other_source,
)
TIMED = ("contentful", "generic", "ghost", "sanity", "wagtail", "wordpress")
SIGNING_THE_BODY = tuple(name for name in NAMES if name not in ("strapi", "directus"))
"""The others send the secret itself: whoever has it can write what they like."""


def _possible(change: Change, source: str) -> bool:
    if change in (_too_old, _too_new):
        return source in TIMED
    return source in SIGNING_THE_BODY or change not in (_flip_body, _longer_body, _shorter_body)


def forged(rounds: int = 13) -> Forged:
    """Genuine webhooks of every source, each altered in every way, through the real route."""
    chance = random.Random(4)
    statuses: Counter[int] = Counter()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder, desk(make_parts(Path(folder))) as here:
        hooks = {source: make_hook(here.parts, source) for source in NAMES}
        for _ in range(rounds):
            for source, hook in hooks.items():
                for change in CHANGES:
                    if not _possible(change, source):
                        continue
                    sent = change(hook, delivery_of(hook, "published"), chance)
                    headers = {name: value.encode("utf-8", "replace") for name, value in sent.headers.items()}
                    status = here.client.post(sent.path, content=sent.body, headers=headers).status_code
                    statuses[status] += 1
                    if status < 400:
                        wrong.append(f"{source}: {change.__name__}")
        kept = _taken(here.parts)
    return Forged(
        sent=statuses.total(), accepted=max(kept, len(wrong)), statuses=dict(statuses), accepted_which=tuple(wrong)
    )


def answers(seconds: float = 60.0, database_url: str = "") -> Answered:
    """Recorded webhooks at a steady rate over real HTTP, while every statement of the database takes 200 ms longer."""
    took: list[float] = []
    statuses: Counter[int] = Counter()
    # No limit on rates: it would ask a Redis that isn't there, which is not what is measured.
    settings = {"database_url": database_url, "rate_webhooks": ""}
    with tempfile.TemporaryDirectory() as folder, _served(make_parts(Path(folder), **settings)) as (parts, base):
        hooks = [make_hook(parts, source) for source in NAMES]
        event.listen(parts.database.engine, "before_cursor_execute", _slowly)
        many = httpx.Limits(max_connections=200)
        with httpx.Client(base_url=base, timeout=10, trust_env=False, limits=many) as client:
            client.post(
                "/v1/webhooks/ghost/hook_nobody"
            )  # a process's first visitor of a day costs two statements more

            def send(number: int) -> None:
                hook = hooks[number % len(hooks)]
                at = now_ms() + number  # no two are the same event
                body = body_of(hook.source, "published") + b" " * (number // len(hooks))
                letter = Letter(
                    secret=hook.secret, body=body, path=hook_path(hook), sent_ms=at, message_id=f"m{number}"
                )
                headers = {**plain_headers(hook.source, "published"), **signature(hook.source, letter)}
                began = time.perf_counter()
                answer = client.post(hook_path(hook), content=body, headers=headers)
                took.append(time.perf_counter() - began)
                statuses[answer.status_code] += 1

            with ThreadPoolExecutor(100) as senders:
                _at_a_steady_rate(int(seconds * RATE), lambda number: senders.submit(send, number))
    times = sorted(took)
    return Answered(
        sent=len(times),
        within_1_s=sum(t < 1 for t in times),
        p50_ms=_percentile(times, 50),
        p99_ms=_percentile(times, 99),
        max_ms=times[-1] * 1000,
        statuses=dict(statuses),
    )


def _slowly(_connection: object, _cursor: object, statement: str, *_: object) -> None:
    if not statement.startswith("BEGIN"):
        time.sleep(SLOW_S)


def _at_a_steady_rate(count: int, start: Callable[[int], object]) -> None:
    began = time.monotonic()
    pause = threading.Event()
    for number in range(count):
        pause.wait(max(0.0, began + number / RATE - time.monotonic()))
        start(number)


@contextmanager
def _served(parts: Parts) -> Iterator[tuple[Parts, str]]:
    server = uvicorn.Server(uvicorn.Config(create_app(parts), port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield parts, f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def _signing(hook: Hook) -> set[str]:
    return set(signature(hook.source, Letter(secret=hook.secret, body=b"", sent_ms=now_ms())))


def _signed_anew(hook: Hook, fine: Delivery, sent_ms: int) -> Delivery:
    letter = Letter(secret=hook.secret, body=fine.body, path=fine.path, sent_ms=sent_ms, message_id=f"m{sent_ms}")
    return replace(fine, headers={**fine.headers, **signature(hook.source, letter)})


def _taken(parts: Parts) -> int:
    with parts.database.reading() as session:
        query = select(func.count()).select_from(InboundEventRow).where(InboundEventRow.state != "refused")
        return int(session.scalar(query) or 0)


def _percentile(times: list[float], percent: int) -> float:
    return times[min(len(times) - 1, len(times) * percent // 100)] * 1000


def figures(seconds: float = 60.0) -> list[Figure]:
    """Forged webhooks, and answers while the database is slow."""
    logging.disable()
    try:
        one, other = forged(), answers(seconds)
    finally:
        logging.disable(logging.NOTSET)
    share = 100 * other.within_1_s / other.sent
    gone = other.statuses.get(410, 0)
    return [
        exact(
            name="forged webhooks accepted",
            value=one.accepted,
            target=0,
            sense="=",
            note=f"{one.sent} altered requests over {len(NAMES)} sources",
        ),
        exact(
            name="webhooks answered within 1 s, database 200 ms slow",
            value=share,
            unit="%",
            target=100,
            sense="≥",
            note=f"{other.sent} at {RATE}/s",
        ),
        Figure(
            name="webhooks: p99 of the answer",
            value=other.p99_ms,
            unit="ms",
            low=other.p50_ms,
            high=other.max_ms,
            target=500,
            sense="≤",
        ),
        exact(name="webhooks answered 410", value=gone, target=0, sense="="),
    ]


def main() -> int:
    logging.disable()  # each refusal has its line
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    one, other = forged(), answers(seconds, *sys.argv[2:3])
    print(f"forged webhooks: {one.sent} sent over {len(NAMES)} sources, {one.accepted} accepted; {one.statuses}")
    for which in one.accepted_which:
        print(f"  accepted: {which}")
    print(
        f"webhooks at {RATE}/s, every statement {SLOW_S * 1000:.0f} ms slower: {other.sent} sent, "
        f"{other.within_1_s} within 1 s, p50 {other.p50_ms:.0f} ms, p99 {other.p99_ms:.0f} ms, "
        f"max {other.max_ms:.0f} ms; {other.statuses}"
    )
    return 0 if not one.accepted and other.within_1_s == other.sent and other.p99_ms <= 500 else 1


if __name__ == "__main__":
    sys.exit(main())
