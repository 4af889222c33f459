"""GET /player.js: the player's parts as one ES module, gzipped where that is taken."""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from fastapi import APIRouter, Request, Response

router = APIRouter(include_in_schema=False)

PARTS = ("texts", "memory", "marks", "places", "sound", "look", "highlight", "report", "panel", "actions", "element")
"""Files of web/player in the order they stand in the module: each uses only what stands before it when it is loaded."""
MAX_AGE_S = 300
"""Pages take a corrected player within this time."""
_REMARK = re.compile(r"//.*|/\*\*.*\*/|")
"""A line that says something to people only."""


@dataclass(frozen=True, slots=True)
class Module:
    """The player as it is sent."""

    text: bytes
    gzipped: bytes
    etag: str


@router.get("/player.js")
@router.head("/player.js")
def player(request: Request) -> Response:
    """The web component. Any page may load it: it holds nothing of anybody."""
    made = module()
    headers = {"ETag": made.etag, "Cache-Control": f"public, max-age={MAX_AGE_S}", "Vary": "Accept-Encoding",
               "Access-Control-Allow-Origin": "*"}  # fmt: skip
    if made.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    packed = "gzip" in request.headers.get("accept-encoding", "")
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(made.gzipped if packed else made.text, media_type="text/javascript", headers=headers)


@lru_cache(maxsize=1)
def module() -> Module:
    """The module's text. Remarks and indentation stay in the source, which is where they are read."""
    folder = files("tts_service.web") / "player"
    head = 'const SERVER = new URL("./", import.meta.url).href;\n'
    lines = [line.strip() for part in PARTS for line in (folder / f"{part}.js").read_text("utf-8").splitlines()]
    text = (head + "\n".join(line for line in lines if not _REMARK.fullmatch(line)) + "\n").encode()
    return Module(text, _gzipped(text), f'"{hashlib.sha256(text).hexdigest()[:32]}"')


def _gzipped(text: bytes) -> bytes:
    """Without a time in the header: every replica sends the same. The memory level is what packs this text best."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16, 6)
    return packer.compress(text) + packer.flush()
