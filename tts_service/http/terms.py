"""Limits per purpose: size, time and redirects of a call."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Limits of one call."""

    total_s: float
    """Seconds from the DNS lookup to the last byte, including redirects."""
    connect_s: float = 5.0
    """Seconds for the DNS lookup, and again for connecting."""
    wire_bytes: int
    """Maximum bytes of the body on the wire."""
    unpacked_bytes: int
    """Maximum bytes of the decompressed body."""
    redirects: int = 5
    """Maximum redirects; only GET follows them."""
    https_only: bool = False
    """Allow plain http only for hosts the operator has allowed."""
    cut: bool = False
    """Truncate a body that is too long or too slow (`Answer.whole` False) instead of failing."""


PAGE = Terms(total_s=10, wire_bytes=5 * MIB, unpacked_bytes=10 * MIB)
"""An article's page."""
FEED = Terms(total_s=30, wire_bytes=10 * MIB, unpacked_bytes=50 * MIB)
"""RSS, Atom, and sitemaps, which may have up to 50 MB (sitemaps.org)."""
CMS_API = Terms(total_s=20, wire_bytes=10 * MIB, unpacked_bytes=20 * MIB)
"""A response from a CMS's content API."""
CALLBACK = Terms(total_s=15, wire_bytes=16 * 1024, unpacked_bytes=16 * 1024, redirects=0, https_only=True, cut=True)
"""A callback: redirects are not followed, and only the start of the response is kept."""
