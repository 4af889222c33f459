"""A connection to the broker itself, to see whether it responds. What rings is in doorbell.py."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis
from redis.sentinel import Sentinel

from tts_service.settings import Settings
from tts_service.values.broker_address import read_sentinels, redis_url


@contextmanager
def connected(settings: Settings, within_s: float) -> Iterator[redis.Redis]:
    """The broker, or the server that its sentinels say leads; each step may take so long. Raises redis.RedisError,
    OSError, ValueError (the address can't be read), also from its calls."""
    waits: dict[str, Any] = {"socket_timeout": within_s, "socket_connect_timeout": within_s}
    sentinels = read_sentinels(settings.broker)
    if sentinels is None:
        with redis.Redis.from_url(redis_url(settings.broker) or settings.broker, **waits) as client:
            yield client
        return
    asked = Sentinel(list(sentinels.hosts), sentinel_kwargs=waits)  # type: ignore[no-untyped-call]
    try:
        with asked.master_for(sentinels.master, **sentinels.login, **waits) as client:  # type: ignore[no-untyped-call]
            yield client
    finally:
        for one in asked.sentinels:
            one.close()
