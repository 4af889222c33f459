"""Limits per purpose: what a call may receive and where it may lead."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The bounds of one call."""

    total_s: float
    """Seconds from the name's lookup to the last byte, redirects included."""
    connect_s: float = 5.0
    """Seconds to look a name up, and again to get a connection."""
    wire_bytes: int
    """Bytes of the body as they come."""
    unpacked_bytes: int
    """Bytes of the body after unpacking."""
    redirects: int = 5
    """Redirects that are followed; only GET follows any."""
    https_only: bool = False
    """Plain http only to hosts the operator vouches for."""
    cut: bool = False
    """A body that is too long or too slow is cut off (`Answer.whole` False) instead of failing the call."""


PAGE = Terms(total_s=10, wire_bytes=5 * MIB, unpacked_bytes=10 * MIB)
"""An article's page."""
FEED = Terms(total_s=30, wire_bytes=10 * MIB, unpacked_bytes=50 * MIB)
"""RSS, Atom, and sitemaps, which may have 50 MB (sitemaps.org)."""
CMS_API = Terms(total_s=20, wire_bytes=10 * MIB, unpacked_bytes=20 * MIB)
"""An answer of a CMS's content API."""
CALLBACK = Terms(total_s=15, wire_bytes=16 * 1024, unpacked_bytes=16 * 1024, redirects=0, https_only=True, cut=True)
"""A callback: a redirect is an answer like any other, and only its first words are kept."""
