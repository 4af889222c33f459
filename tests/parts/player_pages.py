"""The player in a real Chromium, for tests and measurements: pages that notice errors and calls to strangers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.parts import browser as chromium
from tests.parts import page_server
from tests.parts.service import Running
from tts_service.web.player_parts import part

TEXTS = {
    "en": ("Listen to the article", "More information", "Send feedback", "Play"),
    "de": ("Artikel anhören", "Mehr Informationen", "Feedback senden", "Abspielen"),
    "fr": ("Écouter l’article", "Plus d’informations", "Signaler une erreur", "Lire"),
    "es": ("Escuchar el artículo", "Más información", "Enviar comentarios", "Reproducir"),
    "it": ("Ascolta l’articolo", "Maggiori informazioni", "Segnala un errore", "Riproduci"),
}
"""Title, link, link and main button of the player by language."""


@contextmanager
def started() -> Iterator[Browser]:
    """A Chromium that asks for a press before it plays, as readers' browsers do."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium.find(), headless=True, args=chromium.FLAGS)
        yield browser
        browser.close()


@dataclass(slots=True)
class Seat:
    """A reader's page: what it called and what went wrong in it."""

    page: Page
    service: Running
    calls: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def strangers(self) -> list[str]:
        """Calls to other hosts than the service's own."""
        own = urlsplit(self.service.url).netloc
        return [url for url in self.calls if urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc != own]

    def open(self, path: str, state: str = "ready") -> Page:
        """Go to a page and wait until its player is in a state."""
        self.page.goto(self.service.url + path)
        self.page.locator(f"article-audio[state={state}]").first.wait_for(state="attached")
        return self.page

    def ask(self, expression: str, given: Any = None) -> Any:
        """Evaluate an expression of `player`, the first one on the page, and `given`."""
        return self.page.evaluate(
            f"(given) => {{ const player = document.querySelector('article-audio'); return {expression}; }}", given
        )

    def wait(self, expression: str, seconds: float = 15) -> None:
        """Until an expression of `player` is true."""
        self.page.wait_for_function(
            f"() => {{ const player = document.querySelector('article-audio'); return {expression}; }}",
            timeout=seconds * 1000,
            polling=20,
        )

    def press(self, name: str = "Play") -> None:
        self.page.get_by_role("button", name=name, exact=True).click()


@contextmanager
def seated(browser: Browser, service: Running, **options: Any) -> Iterator[Seat]:
    """A fresh reader: own storage, own context."""
    context: BrowserContext = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | options))
    seat = Seat(context.new_page(), service)
    seat.page.on("request", lambda request: seat.calls.append(request.url))
    seat.page.on("pageerror", lambda error: seat.errors.append(str(error)))
    yield seat
    context.close()


def clip_of(service: Running, article: dict[str, Any], voice: str | None = "pyttsx3:en-us") -> str:
    """A finished clip of an article."""
    job = service.ended(service.post(article, **({"voice": voice} if voice else {}))["id"])
    assert job["state"] == "succeeded", job
    return str(job["clip"]["id"])


def source(*names: str) -> str:
    """Parts of the player as a classic script: their functions can be called from tests."""
    return "\n".join(part(name).text for name in names)


@contextmanager
def publisher_page(seat: Seat, html: str, policy: str = "") -> Iterator[str]:
    """A page of a publisher on the service's own origin, for this seat only: its path. `policy`: its CSP."""
    path = "/publisher/article.html"
    address = seat.service.url + path
    headers = {"Content-Type": "text/html; charset=utf-8"} | ({"Content-Security-Policy": policy} if policy else {})
    seat.page.route(address, lambda route: route.fulfill(body=html, headers=headers))
    yield path
    seat.page.unroute(address)


@contextmanager
def elsewhere(html: str) -> Iterator[str]:
    """A page of another origin, from a server of its own: its address."""

    with page_server.website(lambda _: page_server.Page(body=html.encode())) as origin:
        yield f"{origin}/"


class Line:
    """A TCP line to a service that can be cut: every connection breaks off, new ones are refused until it is mended."""

    def __init__(self, service: Running) -> None:
        self._to = (str(urlsplit(service.url).hostname), int(urlsplit(service.url).port or 80))
        self._open: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.cut = False
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def break_off(self) -> None:
        self.cut = True
        for end in list(self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.cut = False

    def close(self) -> None:
        self._listening.close()
        self.break_off()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                if self.cut:
                    near.close()
                    continue
                far = socket.create_connection(self._to)
                self._open |= {near, far}
                if self.cut:  # meanwhile
                    self.break_off()
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, to: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                to.sendall(data)
        for end in (source, to):
            self._open.discard(end)
            with suppress(OSError):
                # While the other thread waits in it, closing alone tells nobody: the browser would use a dead line.
                end.shutdown(socket.SHUT_RDWR)
            with suppress(OSError):
                end.close()
