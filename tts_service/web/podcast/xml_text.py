"""Text from outside in XML documents."""

from __future__ import annotations

import re

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fit_for_xml(text: str) -> str:
    """The text without what XML 1.0 has no place for, escaped or not (2.2, Char)."""
    return _NO_XML.sub("", text)
