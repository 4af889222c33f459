"""GET /player.js and /player-report.js: the player's parts as two ES modules, gzipped where that is taken.

The second is what readers need only to report something. The first asks for it by its own version, so that the two
always fit, however long one of them lies in a cache.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from fastapi import APIRouter, Request, Response

from tts_service.errors import NotFound

router = APIRouter(include_in_schema=False)

PARTS = (
    "texts",
    "memory",
    "page",
    "asking",
    "marks",
    "places",
    "sound",
    "look",
    "highlight",
    "panel",
    "report_part",
    "listening",
    "actions",
    "following",
    "element",
)
"""Files of web/player in the order they stand in the module: each uses only what stands before it when it is loaded."""
REPORT_PARTS = ("report_texts", "report_look", "report_kept", "report_sending", "report")
"""Files of the second module; what they use of the first they are given by report_part.js."""
_GIVEN = "SERVER, VERSION, make, fill, styled, textsFor, memory, players, sleep, orOnline, ask"
MAX_AGE_S = 300
"""Pages take a corrected player within this time."""
_OF_ONE_VERSION = "public, max-age=31536000, immutable"
_REMARK = re.compile(r"//.*|/\*\*.*\*/|")
"""A line that says something to people only."""


@dataclass(frozen=True, slots=True)
class Module:
    """A half of the player as it is sent."""

    text: bytes
    gzipped: bytes
    etag: str
    version: str
    """Of the whole player: it changes with either half."""


@router.get("/player.js")
def player(request: Request) -> Response:
    """The web component. Any page may load it: it holds nothing of anybody."""
    return _sent(request, module(), f"public, max-age={MAX_AGE_S}")


@router.get("/player-report.js")
def player_report(request: Request, v: str = "") -> Response:
    """The report panel of a version of the player. Another version than ours: 404, and the player offers the page."""
    made = report_module()
    if v and v != made.version:
        raise NotFound(f"This service has no player of version {v[:20]} any more: load the page again.")
    return _sent(request, made, _OF_ONE_VERSION if v else f"public, max-age={MAX_AGE_S}")


def _sent(request: Request, made: Module, kept: str) -> Response:
    headers = {"ETag": made.etag, "Cache-Control": kept, "Vary": "Accept-Encoding", "Access-Control-Allow-Origin": "*"}
    if made.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    packed = "gzip" in request.headers.get("accept-encoding", "")
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(made.gzipped if packed else made.text, media_type="text/javascript", headers=headers)


def module() -> Module:
    """What every page with a player loads."""
    return _modules()[0]


def report_module() -> Module:
    """What is loaded when somebody listens or reports."""
    return _modules()[1]


@lru_cache(maxsize=1)
def _modules() -> tuple[Module, Module]:
    first = _text(PARTS)
    second = f"export default ({{ {_GIVEN} }}) => {{\n{_text(REPORT_PARTS)}return {{ Report, sendKept }};\n}};\n"
    version = hashlib.sha256((first + second).encode()).hexdigest()[:12]
    head = f'const SERVER = new URL("./", import.meta.url).href;\nconst VERSION = "{version}";\n'
    return _made(head + first, version), _made(second, version)


def _text(parts: tuple[str, ...]) -> str:
    """Remarks and indentation stay in the source, which is where they are read."""
    folder = files("tts_service.web") / "player"
    lines = [line.strip() for part in parts for line in (folder / f"{part}.js").read_text("utf-8").splitlines()]
    return "\n".join(line for line in lines if not _REMARK.fullmatch(line)) + "\n"


def _made(text: str, version: str) -> Module:
    data = text.encode()
    return Module(data, _gzipped(data), f'"{hashlib.sha256(data).hexdigest()[:32]}"', version)


def _gzipped(text: bytes) -> bytes:
    """Without a time in the header: every replica sends the same. The memory level is what packs this text best."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16, 6)
    return packer.compress(text) + packer.flush()
