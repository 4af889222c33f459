"""How long requests wait for their limits while the Redis that counts them has fallen silent.

`python -m tests.measure.doors.rates`: twenty a second for eleven seconds, in which it is asked twice whether it is
back.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import tempfile
import time
from pathlib import Path

from tests.measure.figures import Figure, exact, p95
from tests.parts.factories import make_settings
from tts_service.web.doors.rates import AWAY_S, Rates

SECONDS = 2 * AWAY_S + 1
RATE = 20
SLOW_MS = 100
"""What counts as waiting."""


def waits() -> list[float]:
    """Milliseconds that each request waited, in their order."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0), backlog=128) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}"
        return asyncio.run(_waits(Rates(make_settings(Path(folder), rate_store_url=url))))


async def _waits(rates: Rates) -> list[float]:
    async def one(number: int) -> float:
        began = time.perf_counter()
        await rates.hit("key", str(number))
        return (time.perf_counter() - began) * 1000

    tasks = []
    for number in range(int(SECONDS * RATE)):
        tasks.append(asyncio.create_task(one(number)))
        await asyncio.sleep(1 / RATE)
    found = await asyncio.gather(*tasks)
    await rates.close()
    return list(found)


def figures() -> list[Figure]:
    """The rows of this part."""
    logging.getLogger("tts_service").setLevel(logging.ERROR)
    found = waits()
    first = RATE  # those of the first second are under way when it falls silent
    later = sum(wait > SLOW_MS for wait in found[first:])
    return [
        p95("wait for the limits, Redis silent", found[first:], "ms", target=float(SLOW_MS)),
        exact(
            name="requests that wait once it is known",
            value=later,
            target=0,
            sense="=",
            note=f"of {len(found) - first}; before: {sum(w > SLOW_MS for w in found[:first])}",
        ),
    ]


if __name__ == "__main__":
    for figure in figures():
        print(f"{figure.name}: {figure.value:g} {figure.unit} ({figure.note}) {figure.verdict}")
