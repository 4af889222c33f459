"""GET /player.js, /player-report.js and /player-texts.json: the player, gzipped where that is taken.

The second is what readers need only to report something, the third what the player says in one language. The first asks
for both by its own version, so that they fit, however long one of them lies in a cache.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from functools import cache

from fastapi import APIRouter, Request, Response

from tts_service.errors import NotFound
from tts_service.web.languages import SOURCE, page_languages
from tts_service.web.player_parts import imported_from, joined_parts, parts_of
from tts_service.web.player_texts import player_texts

router = APIRouter(include_in_schema=False)

ENTRY = "element"
"""The module that defines <article-audio>: player.js is that and what it imports."""
REPORT_ENTRY = "report"
"""The module of the report panel, which report_part.js loads. What it imports of the first half it is given."""
MAX_AGE_S = 300
"""Pages take a corrected player within this time."""


@dataclass(frozen=True, slots=True)
class Module:
    """A part of the player as it is sent."""

    text: bytes
    gzipped: bytes
    etag: str
    version: str
    """Of the whole player: it changes with any part."""


@router.get("/player.js")
def player(request: Request) -> Response:
    """The web component. Any page may load it: it holds nothing of anybody."""
    return _sent(request, module(), of_one_version=False)


@router.get("/player-report.js")
def player_report(request: Request, v: str = "") -> Response:
    """The report panel of a version of the player. Another version than ours: 404, and the player offers the page."""
    made = report_module()
    if v and v != made.version:
        raise NotFound(f"The player version {v[:20]} is no longer available: reload the page.")
    return _sent(request, made, bool(v))


@router.get("/player-texts.json")
def player_labels(request: Request, lang: str = SOURCE, v: str = "") -> Response:
    """What the player says in a language; one of another version has English for what ours doesn't say."""
    if lang not in page_languages():
        raise NotFound(f"The player has no texts in the language {lang[:20]}.")
    made = texts_module(lang)
    return _sent(request, made, v == made.version, "application/json")


def _sent(request: Request, made: Module, of_one_version: bool, media_type: str = "text/javascript") -> Response:
    kept = "public, max-age=31536000, immutable" if of_one_version else f"public, max-age={MAX_AGE_S}"
    headers = {"ETag": made.etag, "Cache-Control": kept, "Vary": "Accept-Encoding", "Access-Control-Allow-Origin": "*"}
    if made.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    packed = "gzip" in request.headers.get("accept-encoding", "")
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(made.gzipped if packed else made.text, media_type=media_type, headers=headers)


@cache
def module() -> Module:
    """What every page with a player loads."""
    head = [
        'const SERVER = new URL("./", import.meta.url).href;',
        f'const VERSION = "{_version()}";',
        f"const LANGUAGES = {_as_json(list(page_languages()))};",
        f"const ENGLISH = {_as_json(player_texts(SOURCE))};",
    ]
    return _made("\n".join(head) + "\n" + _first())


@cache
def report_module() -> Module:
    """What is loaded when somebody listens or reports."""
    return _made(_second())


@cache
def texts_module(language: str) -> Module:
    """What is loaded where the labels are in another language than English."""
    return _made(_as_json(player_texts(language)))


@cache
def _version() -> str:
    texts = [_as_json(player_texts(language)) for language in page_languages()]
    return hashlib.sha256("\n".join([_first(), _second(), *texts]).encode()).hexdigest()[:12]


def _first() -> str:
    return joined_parts(ENTRY)


def _second() -> str:
    first = parts_of(ENTRY)
    given = ", ".join(imported_from(REPORT_ENTRY, first))
    text = joined_parts(REPORT_ENTRY, others=first)
    return f"export default ({{ {given} }}) => {{\n{text}return {{ Report, sendKept }};\n}};\n"


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _made(text: str) -> Module:
    data = text.encode()
    return Module(data, _gzipped(data), f'"{hashlib.sha256(data).hexdigest()[:32]}"', _version())


def _gzipped(text: bytes) -> bytes:
    """Without a time in the header: every replica sends the same. The memory level is what packs this text best."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16, 6)
    return packer.compress(text) + packer.flush()
