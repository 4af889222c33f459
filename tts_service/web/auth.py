"""Who calls, by API key: a dependency for each right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Header

from tts_service.access.keys import Caller, caller_of, create_key, list_keys, revoke_key
from tts_service.errors import NotAllowed
from tts_service.web.given import GivenParts

__all__ = ["Caller", "MayCallBack", "MayReadJobs", "MayReport", "MaySettle", "MayWriteJobs", "caller_of", "create_key",
           "list_keys", "needs", "revoke_key"]  # fmt: skip


def needs(scope: str) -> Callable[..., Caller]:
    """A dependency: the caller, who must have this right. Raises KeyMissing (401), NotAllowed (403)."""

    def caller(parts: GivenParts, authorization: Annotated[str | None, Header()] = None) -> Caller:
        found = caller_of(parts.database, authorization)
        if scope not in found.scopes:
            raise NotAllowed(f"This key lacks the right {scope}.", scope=scope)
        return found

    return caller


MayWriteJobs = Annotated[Caller, Depends(needs("jobs:write"))]
MayReadJobs = Annotated[Caller, Depends(needs("jobs:read"))]
MayReport = Annotated[Caller, Depends(needs("reports"))]
MaySettle = Annotated[Caller, Depends(needs("sites"))]
MayCallBack = Annotated[Caller, Depends(needs("callbacks"))]
