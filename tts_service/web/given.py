"""Dependencies: the parts of this process."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request

from tts_service.errors import DatabaseUnavailable
from tts_service.parts import Parts
from tts_service.web.document.declare import raises


@raises(DatabaseUnavailable)
def parts_of(request: Request) -> Parts:
    """The parts create_app was called with."""
    parts: Parts = request.app.state.parts
    return parts


GivenParts = Annotated[Parts, Depends(parts_of)]
RevisionNumber = Annotated[int, Path(ge=1, le=2**31)]
"""A clip revision in an address."""
