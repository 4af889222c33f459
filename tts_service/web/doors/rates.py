"""Rate limits: a moving window in Redis, shared by every API process.

The window moves by two counters (the share of the last one that still counts, and this one), so a caller costs the
same memory whether they come once or a thousand times a minute. While Redis is away each process counts for itself:
nobody is shut out, and nobody gets in more often than so many times per process. Nobody waits for it either: whether
it is back is asked in the background.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from limits import RateLimitItem, RateLimitItemPerHour, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter as ExactWindow
from limits.aio.strategies import SlidingWindowCounterRateLimiter as Window
from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.exceptions import RedisError

from tts_service.errors import RateExceeded
from tts_service.settings import Settings
from tts_service.values.broker_address import read_sentinels, redis_url

AWAY_S = 5.0
"""Seconds after which a Redis that was away is asked again."""
_WAIT_S = 0.5
"""Seconds an answer of Redis may take."""
_TROUBLE = (RedisError, OSError, TimeoutError)
_NAMES = (
    "key",
    "public",
    "webhooks",
    "login",
    "login_address",
    "login_account",
    "feedback_token",
    "feedback_address",
    "feedback_clip",
    "listening",
)
_ONCE = RateLimitItemPerHour(1, 2)
_Found = TypeVar("_Found")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitVerdict:
    """What a limit says to one request."""

    allowed: bool
    limit: int
    """Requests in a window."""
    window_s: int
    remaining: int
    reset_s: int
    """Seconds until there is room for one more, at least 1."""

    def headers(self, name: str) -> dict[str, str]:
        """By draft-ietf-httpapi-ratelimit-headers."""
        found = {
            "RateLimit-Policy": f'"{name}";q={self.limit};w={self.window_s}',
            "RateLimit": f'"{name}";r={self.remaining};t={self.reset_s}',
        }
        return found if self.allowed else found | {"Retry-After": str(self.reset_s)}


class Rates:
    """The limits of one process. Raises ValueError, naming the setting, for one that can't be read."""

    def __init__(self, settings: Settings) -> None:
        self._items = _items(settings)
        self._pool = _pool(settings)
        self._shared = Window(_storage(self._pool)) if self._pool else None
        self._own: Window | None = None
        self._away = False
        self._asked_at = 0.0
        """When Redis was asked last while it is away, by this process's clock."""
        self._asking: asyncio.Task[None] | None = None

    async def hit(self, name: str, *who: str) -> LimitVerdict | None:
        """Count one request of somebody; None where there is no limit."""
        item = self._items.get(name)
        if item is None:
            return None
        known_as = [name, *map(_hidden, who)]
        allowed = await self._ask(lambda window: window.hit(item, *known_as))
        return await self._verdict(item, known_as, allowed)

    async def used_up(self, name: str, *who: str) -> LimitVerdict | None:
        """What the next request of somebody would be told, if it would be refused; nothing is counted."""
        item = self._items.get(name)
        if item is None:
            return None
        known_as = [name, *map(_hidden, who)]
        if await self._ask(lambda window: window.test(item, *known_as)):
            return None
        return await self._verdict(item, known_as, allowed=False)

    async def require(self, name: str, *who: str) -> None:
        """Count one request. Raises RateExceeded."""
        verdict = await self.hit(name, *who)
        if verdict is not None and not verdict.allowed:
            raise exceeded(verdict)

    async def first(self, *what: str) -> bool:
        """Whether this is the first time within two hours that this is told."""
        known_as = ["once", *map(_hidden, what)]
        # Two counters would forget it when their window moves: this one keeps the time.
        return await self._ask(lambda window: ExactWindow(window.storage).hit(_ONCE, *known_as))

    async def forget(self, name: str, *who: str) -> None:
        """Count somebody from zero again."""
        if item := self._items.get(name):
            await self._ask(lambda window: window.clear(item, name, *map(_hidden, who)))

    async def close(self) -> None:
        """Let go of Redis."""
        if self._asking is not None:
            self._asking.cancel()
            with suppress(asyncio.CancelledError):
                await self._asking
        if self._pool is not None:
            await self._pool.disconnect()
        if isinstance(self._pool, SentinelConnectionPool):
            for sentinel in self._pool.sentinel_manager.sentinels:
                await sentinel.aclose()

    async def _verdict(self, item: RateLimitItem, known_as: list[str], allowed: bool) -> LimitVerdict:
        stats = await self._ask(lambda window: window.get_window_stats(item, *known_as))
        reset_s = max(1, min(item.get_expiry(), round(stats.reset_time - time.time() + 0.5)))
        return LimitVerdict(
            allowed=allowed,
            limit=item.amount,
            window_s=item.get_expiry(),
            remaining=stats.remaining if allowed else 0,
            reset_s=reset_s,
        )

    async def _ask(self, question: Callable[[Window], Awaitable[_Found]]) -> _Found:
        if self._shared is not None and not self._away:
            try:
                return await question(self._shared)
            except _TROUBLE as error:
                self._lost(error)
        elif self._pool is not None and self._time_to_ask():
            self._asked_at = time.monotonic()
            self._asking = asyncio.create_task(self._ask_again(self._pool))
        if self._own is None:
            self._own = Window(MemoryStorage())
        return await question(self._own)

    def _lost(self, error: BaseException) -> None:
        if not self._away:  # the others that were waiting for an answer say the same
            log.warning("rate limits are counted by each process for now: %s", error)
        self._away, self._asked_at = True, time.monotonic()

    def _time_to_ask(self) -> bool:
        asking = self._asking is not None and not self._asking.done()
        return not asking and time.monotonic() >= self._asked_at + AWAY_S

    async def _ask_again(self, pool: ConnectionPool) -> None:
        """Whether Redis is back; no request waits for this."""
        with suppress(*_TROUBLE):
            await Redis(connection_pool=pool).ping()
            self._away = False
            log.warning("rate limits are counted in Redis again")


def exceeded(verdict: LimitVerdict) -> RateExceeded:
    """The error that says when to come back."""
    return RateExceeded(
        f"At most {verdict.limit} requests in {verdict.window_s} s: try again in {verdict.reset_s} s.",
        retry_after_s=verdict.reset_s,
    )


def _items(settings: Settings) -> dict[str, RateLimitItem]:
    found = {}
    for name in _NAMES:
        text = getattr(settings, f"rate_{name}").strip()
        if not text:
            continue
        try:
            found[name] = parse(text)
        except ValueError as error:
            raise ValueError(
                f"TTS_RATE_{name.upper()}: write it as 100/minute or 5/15 minutes, not {text!r}"
            ) from error
    return found


def _pool(settings: Settings) -> ConnectionPool | None:
    """Connections to Redis; None where the broker is something else."""
    address = settings.rate_store_url or settings.broker
    waits: dict[str, Any] = {"socket_timeout": _WAIT_S, "socket_connect_timeout": _WAIT_S}
    sentinels = read_sentinels(address)
    if sentinels is not None:
        asked = Sentinel(list(sentinels.hosts), sentinel_kwargs=waits)  # type: ignore[no-untyped-call]
        leading: ConnectionPool = asked.master_for(sentinels.master, **sentinels.login, **waits).connection_pool
        return leading
    url = redis_url(address)
    return None if url is None else ConnectionPool.from_url(url, **waits)


def _storage(pool: ConnectionPool) -> RedisStorage:
    # The address is the pool's; the storage only wants one of its kind.
    options: dict[str, Any] = {"connection_pool": pool}
    return RedisStorage("async+redis://", implementation="redispy", key_prefix="tts:rate", **options)


def _hidden(who: str) -> str:
    """Names and keys don't lie in Redis, and none can be made to look like two."""
    return hashlib.sha256(who.encode("utf-8", "replace")).hexdigest()[:32]
