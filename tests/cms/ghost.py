"""A real Ghost with an empty site on SQLite, set up through its Admin API as docs/cms/ghost.md says."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.cms.driver import Address, Posted
from tests.cms.npm import Api, Package, free_port, running, why_missing

NAME = SOURCE = "ghost"
PACKAGE = Package(
    name="ghost",
    version="5.130.6",
    unpacked=True,
    native=("sqlite3",),
    flags=("--omit=dev", "--legacy-peer-deps"),
)
EVENTS = ("post.published", "post.published.edited", "post.unpublished", "post.deleted")
THEME = "gazette"
_PASSWORD = "a long made-up passphrase 1"
_STATES = {
    "private": "Ghost closes only a whole site (Settings > Make site private), not one post",
    "password": "Ghost has a password only for a whole site, not for one post",
    "expired": "Ghost has no date at which a post ends",
    "parent closed": "posts have no parent",
    "locale removed": "a Ghost site has one language",
}
_ENDS = {"draft": {"status": "draft"}, "members": {"visibility": "members"}, "paid": {"visibility": "paid"}}


def missing() -> str:
    return why_missing(PACKAGE)


@contextmanager
def started(folder: Path) -> Iterator[Ghost]:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    _lay_out(folder, base, port)
    admin = Api(base=f"{base}/ghost/api/admin", headers={"origin": base, "accept-version": "v5.130"})
    command = ["node", str(PACKAGE.folder / "index.js")]
    with running(command, folder, {"NODE_ENV": "production"}, lambda: admin.answers("/site/")):
        _take_over(admin)
        yield Ghost(admin=admin, folder=folder, base=base)


@dataclass(slots=True, kw_only=True)
class Ghost:
    """The running site. `admin` is signed in as its owner."""

    admin: Api
    folder: Path
    base: str
    states: Mapping[str, str] = field(
        default_factory=lambda: {name: _STATES.get(name, "") for name in _ALL_STATES}
    )
    hook_options: Mapping[str, str] = field(default_factory=dict)
    hook_fields: Mapping[str, str] = field(default_factory=dict)
    hook_types: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """The integration: its Content API key is what the hook asks Ghost with."""
        made = self.admin.call(
            "POST", "/integrations/?include=api_keys", {"integrations": [{"name": "Listen to the article"}]}
        )["integrations"][0]
        self._integration = made["id"]
        content = next(key["secret"] for key in made["api_keys"] if key["type"] == "content")
        self.hook_options = {"api_url": self.base, "api_token": content, "language": "en"}
