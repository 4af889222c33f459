"""Which requests robots.txt allows this service (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from tts_service.cms.feeds.fetch import SLOWEST_S, Politeness
from tts_service.errors import AddressRefused, RemoteTooLarge, RemoteUnavailable
from tts_service.http.client import Outbound
from tts_service.http.terms import PAGE

NAME = "tts-service"
"""User agent whose rules apply."""
_SERVER_ERRORS = range(HTTPStatus.INTERNAL_SERVER_ERROR, 600)


@dataclass(slots=True)
class Robots:
    """robots.txt of each host visited in one turn."""

    outbound: Outbound
    politeness: Politeness
    _known: dict[str, RobotFileParser | None] = field(default_factory=dict)

    def allow(self, url: str) -> bool:
        """Whether the page may be fetched. If a host's robots.txt is temporarily unavailable, nothing may be."""
        rules = self._rules(url)
        return rules is not None and rules.can_fetch(NAME, url)

    def pause_s(self, url: str) -> float:
        """Seconds between requests that the host asks for (Crawl-delay), at most SLOWEST_S."""
        rules = self._rules(url)
        delay = rules.crawl_delay(NAME) if rules is not None else None
        return min(float(delay or 0), SLOWEST_S)

    def _rules(self, url: str) -> RobotFileParser | None:
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self._known:
            self._known[host] = self._fetched(f"{host}/robots.txt")
        return self._known[host]

    def _fetched(self, address: str) -> RobotFileParser | None:
        self.politeness.wait(address)
        try:
            answer = self.outbound.get(address, PAGE)
        except (RemoteUnavailable, AddressRefused):
            self.politeness.asked(address, trouble=True)
            return None
        except RemoteTooLarge:  # RFC 9309 allows stopping at 500 KiB; treated as no rules
            answer = None
        trouble = answer is not None and answer.status in _SERVER_ERRORS
        self.politeness.asked(address, trouble=trouble)
        if trouble:
            return None
        rules = RobotFileParser()
        found = answer is not None and answer.status == HTTPStatus.OK
        rules.parse(answer.body.decode("utf-8", "replace").splitlines() if answer is not None and found else [])
        return rules
