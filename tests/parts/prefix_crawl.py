"""Every address that the service gives away, collected: pages, scripts, styles, feeds, JSON, headers, cookies, events.

The crawl asks every operation of the OpenAPI document and follows every link of every page. It reports each address of
the service that is not below its public URL.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, urldefrag, urljoin, urlsplit

import httpx

from tests.measure.openapi_document import composed

OURS = (
    "v1",
    "listen",
    "embed",
    "about",
    "feedback",
    "feeds",
    "oembed",
    "staff",
    "static",
    "player.js",
    "player-report.js",
    "player-texts.json",
    "openapi.json",
    "healthz",
    "readyz",
    "metrics",
)
"""First segments of the service's own paths."""
_PATH = re.compile(rf"(?<![\w:/.?=&%)}}-])/(?:{'|'.join(map(re.escape, OURS))})(?![\w-])[^\s\"'<>`]*")
"""A path of the service anywhere in a text."""
_FULL = re.compile(r"https?://[^\s\"'<>`)\\]+")
_LINKS = ("href", "src", "action", "formaction", "poster", "data", "renew", "content")
_FOLLOWED = ("a", "link", "script", "audio", "track", "source", "iframe", "img")
_QUOTED = re.compile(r"[\"'`](/[^\"'`\s]*)[\"'`]")
_STYLE_URL = re.compile(r"url\(\s*[\"']?([^\"')]+)")
_COOKIE_PATH = re.compile(r";\s*path=([^;]*)", re.IGNORECASE)
_MOST = 400
"""Answers of one crawl, so that it ends."""


Ask = Callable[..., httpx.Response]
"""ask(method, address below the public URL, headers=…, content=…)."""


@dataclass(slots=True)
class Crawl:
    """One crawl: what was asked, which addresses were found, which of them are outside."""

    public: str
    """The service's public URL, without a slash at the end."""
    ask: Ask
    inside: tuple[str, ...] = ()
    """Origins behind the proxy, which nobody outside may be told."""
    asked: list[str] = field(default_factory=list)
    found: int = 0
    faults: list[str] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    """By method and path: the answer's status."""

    def send(
        self, method: str, address: str, headers: Mapping[str, str] | None = None, body: Any = None
    ) -> httpx.Response:
        """One request; its answer is looked through."""
        data = None if body is None else json.dumps(body).encode()
        sent = dict(headers or {}) | ({"Content-Type": "application/json"} if body is not None else {})
        answer = self.ask(method, address, headers=sent, content=data)
        name = f"{method} {address.removeprefix(self.public)}"
        self.asked.append(name)
        self.statuses[name] = answer.status_code
        self.look(name, address, answer)
        return answer

    def pages(self, starts: Iterable[str], headers: Mapping[str, str] | None = None) -> None:
        """Follow every link from these paths on, by GET."""
        waiting = [self.public + path for path in starts]
        seen: set[str] = set()
        while waiting and len(seen) < _MOST:
            address = urldefrag(waiting.pop(0))[0]
            if address in seen:
                continue
            seen.add(address)
            answer = self.send("GET", address, {"Accept": "text/html,*/*", **(headers or {})})
            waiting += [link for link in links_of(address, answer) if self.own(link)]

    def operations(self, document: Mapping[str, Any], known: Mapping[str, str], headers: Mapping[str, str]) -> None:
        """Every operation of the OpenAPI document, with its example as the body; `known` fills in its parameters."""
        order = {"get": 0, "post": 1, "put": 2, "patch": 3, "delete": 4}
        wanted = [
            (order[method], path, method, operation)
            for path, item in document["paths"].items()
            for method, operation in item.items()
        ]
        for _, path, method, operation in sorted(wanted, key=lambda one: one[:3]):
            filled = re.sub(r"\{(\w+)\}", lambda name: quote(known.get(name[1], "none"), safe=""), path)
            query = [
                f"{one['name']}={quote(known[one['name']], safe='')}"
                for one in operation.get("parameters", ())
                if one["in"] == "query" and one["name"] in known
            ]
            address = self.public + filled + (f"?{'&'.join(query)}" if query else "")
            self.send(method.upper(), address, headers, example_of(operation))

    def own(self, address: str) -> bool:
        """Whether an address is one of this service's."""
        return address == self.public or address.startswith((f"{self.public}/", f"{self.public}?"))

    # --- looking ---

    def look(self, name: str, address: str, answer: httpx.Response) -> None:
        for said in addresses_of(address, answer):
            self._judge(name, *said)

    def _judge(self, name: str, where: str, address: str) -> None:
        split = urlsplit(address)
        origin = f"{split.scheme}://{split.netloc}"
        public = urlsplit(self.public)
        ours = split.netloc == public.netloc or origin in self.inside
        if not ours and split.netloc:
            return
        self.found += 1
        fine = self.own(address) if split.netloc else address.startswith(f"{public.path}/") or address == public.path
        if where == "cookie":
            fine = address.rstrip("/") == public.path
        if not fine:
            self.faults.append(f"{name}: {where}: {address}")


def addresses_of(address: str, answer: httpx.Response) -> Iterator[tuple[str, str]]:
    """(where, address) of every address in an answer: full ones, and paths as a browser resolves them."""
    for header in ("location", "content-location"):
        if value := answer.headers.get(header):
            yield header, urljoin(address, value)
    for value in answer.headers.get_list("link"):
        yield from (("link", urljoin(address, one)) for one in re.findall(r"<([^>]*)>", value))
    for value in answer.headers.get_list("set-cookie"):
        yield from (("cookie", one) for one in _COOKIE_PATH.findall(value))
    kind = answer.headers.get("content-type", "").partition(";")[0]
    readers: dict[str, Callable[[str, str], Iterator[tuple[str, str]]]] = {
        "text/html": _in_html,
        "text/css": _in_style,
        "text/javascript": _in_script,
        "application/rss+xml": _in_text,
        "text/x-opml": _in_text,
        "application/xml": _in_text,
        "text/xml": _in_text,
    }
    if kind in readers:
        yield from readers[kind](address, answer.text)
    elif kind.endswith("json") and answer.content:
        yield from _in_json(address, answer.json())
    elif kind.startswith("text/"):
        yield from _in_text(address, answer.text)


def links_of(address: str, answer: httpx.Response) -> list[str]:
    """Where a browser can go from an answer by GET."""
    found = [urljoin(address, answer.headers["location"])] if "location" in answer.headers else []
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind == "text/html":
        page = _Page(address)
        page.feed(answer.text)
        found += page.links
    return found


class _Page(HTMLParser):
    """The addresses in a page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        """Of elements that a browser follows or loads."""
        self.others: list[tuple[str, str]] = []
        """In forms, texts, meta elements and data."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name in _LINKS:
            value = given.get(name)
            if not value or value.startswith(("data:", "#")):
                continue
            if name == "content" and not value.startswith(("/", "http")):
                continue
            followed = tag in _FOLLOWED and name != "content"
            if tag == "form":
                followed = given.get("method", "get").lower() == "get"
            whole = value if name == "content" else urljoin(self.address, value)
            if followed:
                self.links.append(whole)
            self.others.append((f"<{tag} {name}>", whole))

    def handle_data(self, data: str) -> None:
        self.others += list(_in_text(self.address, data))


def _in_html(address: str, text: str) -> Iterator[tuple[str, str]]:
    page = _Page(address)
    page.feed(text)
    yield from page.others


def _in_style(address: str, text: str) -> Iterator[tuple[str, str]]:
    found = [one for one in _STYLE_URL.findall(text) if not one.startswith("data:")]
    yield from (("style", urljoin(address, one)) for one in found)


def _in_script(address: str, text: str) -> Iterator[tuple[str, str]]:
    yield from (("script", found) for found in _QUOTED.findall(text) if _PATH.match(found))


def _in_json(address: str, data: Any) -> Iterator[tuple[str, str]]:
    if isinstance(data, dict):
        if "openapi" in data:  # its paths are below its servers
            data = {name: data[name] for name in ("servers", "info") if name in data}
            data["info"] = data["info"].get("contact", {})
        for value in data.values():
            yield from _in_json(address, value)
    elif isinstance(data, list):
        for value in data:
            yield from _in_json(address, value)
    elif isinstance(data, str):
        yield from _in_text(address, data)


def _in_text(address: str, text: str) -> Iterator[tuple[str, str]]:
    yield from (("text", found) for found in _FULL.findall(text))
    yield from (("text", found) for found in _PATH.findall(_FULL.sub(" ", text)))


def example_of(operation: Mapping[str, Any]) -> Any:
    """An example of an operation's JSON body; None: it takes none."""
    media = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if media is None:
        return None
    shown = [one["value"] for one in media.get("examples", {}).values()] + [media.get("example")]
    return shown[0] or composed(media["schema"])
