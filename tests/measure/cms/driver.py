"""What every driver of a real CMS offers, so that the same tables can be run over all of them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

STATES = (
    "public",
    "draft",
    "trash",
    "private",
    "password",
    "members",
    "paid",
    "scheduled",
    "expired",
    "parent closed",
    "locale removed",
)
"""States an article can be put into. Only in the first may anybody hear it."""


def states_but(reasons: Mapping[str, str]) -> dict[str, str]:
    """`Cms.states` of a CMS that can't express some states, for these reasons."""
    return {state: reasons.get(state, "") for state in STATES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the service is, and how the CMS authenticates itself."""

    url: str
    """The service's own address, for look-ups and for readers."""
    hook_url: str
    """Full address for webhooks. It may lead through a line that loses, delays, doubles or reorders requests."""
    secret: str
    site: str
    key: str = ""
    """An API key with the scope clips:grant; empty: none is set up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """An article that a driver has published."""

    id: str
    """The article's id as the service knows it."""
    url: str
    """Address of its public page."""


class Cms(Protocol):
    """A running CMS. Every method returns once the CMS has stored the change; webhooks may still be on their way."""

    states: Mapping[str, str]
    """For each name of STATES: empty where the CMS can express it, otherwise the reason why it can't."""
    hook_options: Mapping[str, str]
    """Options the hook must have (`hooks add --set`), such as api_url and api_token."""
    hook_fields: Mapping[str, str]
    """Fields the hook must have (`hooks add --field`)."""
    hook_types: tuple[str, ...]

    def connect(self, service: Address) -> None:
        """Set up webhooks (plugin settings, flows, integrations) as the guide in docs/cms says."""

    def publish(self, title: str, html: str) -> Posted:
        """A new public article. `html` is one or more <p> elements."""

    def change(self, posted: Posted, html: str) -> None:
        """Give the article another text; its state stays as it is."""

    def put(self, posted: Posted, state: str) -> None:
        """Put the article into a state of STATES."""

    def run_queue(self) -> None:
        """Do what the CMS's own cron or queue would do next, without waiting for its time."""


class Driver(Protocol):
    """A module that can start a CMS: it has these names at its top level."""

    NAME: str
    """As in docs/cms: `wordpress`, `wagtail`, `ghost`, `directus`, `strapi`."""
    SOURCE: str
    """The service's name for this kind of CMS."""

    def missing(self) -> str:
        """Why it can't run on this machine, such as "PHP isn't installed (Debian: php-cli)"; empty: it can."""

    def started(self, folder: Path) -> AbstractContextManager[Cms]:
        """The CMS with an empty site in `folder`, on a free port of 127.0.0.1; stopped and removed at the end."""
