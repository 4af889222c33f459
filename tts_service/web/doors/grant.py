"""The reader of a clip, and the grant (`?grant=…`) they hold.

Answers to such requests are nobody else's: doors.headers forbids every cache to keep them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Query, Request

from tts_service.access.grants import Grant, Grants, Subject
from tts_service.errors import GrantNeeded

PARAMETER = "grant"
GivenGrant = Annotated[
    str, Query(alias=PARAMETER, description="Grant for a restricted clip: see POST /v1/clips/{clip_id}/grants")
]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who asks for a clip."""

    grants: Grants
    token: str
    """The grant they hold; empty: none."""

    def query(self, before: str) -> str:
        """`grant=…` for an address that leads on, behind `?` or `&`; empty where there is none."""
        return f"{before}{PARAMETER}={quote(self.token, safe='')}" if self.token else ""

    def held(self, subject: Subject) -> Grant:
        """The grant that opens this for them now. Raises GrantNeeded, GrantExpired, GrantRefused."""
        return self.grants.read(subject, self.token)

    def renewed(self, subject: Subject) -> str:
        """A grant that lasts as long as theirs may be renewed now. Raises as `held`."""
        return self.grants.renewed(subject, self.held(subject)).token


def held_by(reader: Reader | None, subject: Subject) -> Grant:
    """The grant of a reader, or of nobody. Raises GrantNeeded, GrantExpired, GrantRefused."""
    if reader is None:
        raise GrantNeeded("This clip is available only on the article's own page.")
    return reader.held(subject)


def grants_of(request: Request) -> Grants:
    """A dependency."""
    grants: Grants = request.app.state.grants
    return grants


def reader_of(request: Request, grant: GivenGrant = "") -> Reader:
    """A dependency."""
    return Reader(grants_of(request), grant)


GivenGrants = Annotated[Grants, Depends(grants_of)]
GivenReader = Annotated[Reader, Depends(reader_of)]
