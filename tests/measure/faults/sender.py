"""The client: sends articles, and keeps its own list of what was accepted."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx

from tests.measure.faults.texts import article
from tests.measure.faults.world import World

_PATIENCE_S = 180.0


class Sender:
    """Sends articles 0 to `jobs` - 1 from a thread, and repeats what wasn't accepted with the same key."""

    def __init__(
        self,
        world: World,
        jobs: int,
        *,
        at_once: int | None = None,
        every_s: float = 0.5,
        body: Callable[[int], dict[str, Any]] = article,
        timeout_s: float = 30.0,
        key: str = "article",
    ) -> None:
        """`at_once`: so many without a pause (None: twice the slots), then one every `every_s`. `key`: how
        the requests' Idempotency-Keys begin."""
        self.accepted: dict[int, str] = {}
        """Job by article: what the service has answered 202."""
        self.answers: Counter[str] = Counter()
        """By status, or by the connection's error."""
        self.took_s: list[float] = []
        """Of answers that accept."""
        self._world, self._jobs, self._body = world, jobs, body
        self._at_once = 2 * sum(world.plan.slots) if at_once is None else at_once
        self._every_s, self._timeout_s, self._key = every_s, timeout_s, key
        self._thread = threading.Thread(target=self._send_all, name="sender", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def finish(self) -> None:
        """Wait until all are accepted."""
        self._thread.join()

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    def _send_all(self) -> None:
        with self._world.client(self._timeout_s) as client:
            for number in range(self._jobs):
                if number >= self._at_once:
                    time.sleep(self._every_s)
                self._send(client, number)

    def _send(self, client: httpx.Client, number: int) -> None:
        until = time.monotonic() + _PATIENCE_S
        headers = {"Idempotency-Key": f'"{self._key}-{number}"'}
        body = self._body(number)
        while time.monotonic() < until:
            began = time.monotonic()
            try:
                answer = client.post("/v1/jobs", json=body, headers=headers)
            except httpx.HTTPError as error:
                self.answers[type(error).__name__] += 1
                time.sleep(0.5)
                continue
            self.answers[str(answer.status_code)] += 1
            if answer.status_code in (200, 202):
                self.took_s.append(time.monotonic() - began)
                self.accepted[number] = answer.json()["id"]
                return
            time.sleep(min(float(answer.headers.get("Retry-After", "0.5")), 2.0))
