"""The sites that a person or an API key has access to: all, or only some.

`sites` is a tuple of names; None stands for all sites. What belongs to no single site, such as a lexicon entry for all
sites, is changed only by who has access to all of them.
"""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import InstrumentedAttribute

from tts_service.errors import NotAllowed

Sites = tuple[str, ...] | None
SITE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def may_see(sites: Sites, site: str | None) -> bool:
    """Whether these sites include one; `site` None: all sites."""
    return sites is None or site in sites


def within(sites: Sites, column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]) -> ColumnElement[bool]:
    """The condition that a row belongs to these sites."""
    return true() if sites is None else column.in_(sites)


def account_refusal(sites: tuple[str, ...]) -> NotAllowed:
    """The answer to staff who ask for another site. Without sites: their last one was erased."""
    if not sites:
        return NotAllowed("Your account is for no site any more: ask an admin.", sites=[])
    return NotAllowed(f"Your account is only for: {', '.join(sites)}.", sites=list(sites))
