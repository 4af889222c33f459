"""The download name of a clip: the article's title (RFC 6266, RFC 8187)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

_LONGEST = 120
"""Bytes in UTF-8 before the ending: file systems take 255, and some put `(1)` behind the name."""
_NOT_IN_NAMES = re.compile(r'[\s\x00-\x1f\x7f-\x9f/\\:*?"<>|\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffd]+')
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 ._()+,=@~-]+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""Devices of Windows."""


def disposition(title: str, ending: str, *, download: bool) -> str:
    """A Content-Disposition header: kept if `download`, else played where the browser plays it."""
    name = file_name(title, ending)
    plain = _NOT_PLAIN.sub("_", _without_accents(name)).strip("_ ") or "audio"
    plain = plain if plain.rpartition(".")[0].strip("_ ") else f"audio.{ending}"
    kind = "attachment" if download else "inline"
    extended = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'{kind}; filename="{plain}"{extended}'


def file_name(title: str, ending: str) -> str:
    """A title as the name of a file on any system; `audio` where nothing of it is left."""
    name = _NOT_IN_NAMES.sub(" ", unicodedata.normalize("NFC", title)).strip(" .")
    while len(name.encode("utf-8", "replace")) > _LONGEST:
        name = name[:-1].rstrip(" .")
    name = name.encode("utf-8", "ignore").decode()
    if _RESERVED.fullmatch(name):
        name = f"{name} -"
    return f"{name or 'audio'}.{ending}"


def _without_accents(text: str) -> str:
    """Letters that ASCII has; `ß` as `ss`, `ø` not at all."""
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ẞ", "SS"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
