"""The origin of a site's pages, and origins that are easily taken for it."""

from __future__ import annotations

SITE = "https://www.gazette.example"
STRANGERS = (
    "https://evil.example",
    "https://www.gazette.example.evil.example",
    "https://gazette.example",
    "null",
    "http://www.gazette.example",
    "https://www.gazette.example:8443",
)
