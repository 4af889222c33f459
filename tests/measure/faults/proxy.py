"""A TCP proxy that can fall silent: connections stay open and are accepted, and nothing comes through."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass(slots=True)
class Proxy:
    """A proxy to a port of this machine."""

    target: int
    port: int = 0
    silent: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """As a broker."""
        return f"redis://127.0.0.1:{self.port}/0"


@contextmanager
def proxied(target: int) -> Iterator[Proxy]:
    """A proxy in a thread with a loop of its own. What arrives while it is silent is lost, and so is its connection."""
    proxy, loop, ready = Proxy(target=target), asyncio.new_event_loop(), threading.Event()

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if proxy.silent.is_set():
                    await asyncio.sleep(3600)  # neither an answer nor an end, as when packets are dropped
                writer.write(data)
                await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError):  # asyncio before 3.12 complains of a cancelled one
            behind = await asyncio.open_connection("127.0.0.1", proxy.target)
            await asyncio.gather(forward(reader, behind[1]), forward(behind[0], writer))

    async def listen() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        proxy.port = server.sockets[0].getsockname()[1]
        ready.set()

    async def end() -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    asyncio.run_coroutine_threadsafe(listen(), loop)
    thread = threading.Thread(target=loop.run_forever, name="proxy", daemon=True)
    thread.start()
    ready.wait(5)
    try:
        yield proxy
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
