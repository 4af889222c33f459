"""Pages from templates; everything that comes from outside is escaped."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from tts_service.cms.checks.staff import alarms
from tts_service.public_addresses import path_prefix
from tts_service.values import WebAddress
from tts_service.web.doors.grant import PARAMETER
from tts_service.web.pages.staff_wording import refusal, staff_words, translated
from tts_service.web.pages.wording import words_for

_PAGES = ("/listen", "/embed", "/about", "/feedback", "/staff")
FORM_DOOR = "/v1/feedback"
"""Where the form of a page without scripts is sent."""
_NOT_IN_HTML = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
"""Characters no page may have, escaped or not (HTML, 13.2.3.5)."""
_NOT_IN_ADDRESS = re.compile(r'[\s"<>\\^`{|}]')
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def page(
    request: Request, template: str, values: dict[str, Any], *, language: str = "en", status: int = 200
) -> HTMLResponse:
    """A page in a language; English where there is no translation. Never cached by others.

    In templates, `at` stands before every path of the service: the public URL's own path.
    """
    words = words_for(language)
    alarmed = alarms(request.app.state.parts.database) if "person" in values else []
    shown = (
        environment()
        .get_template(template)
        .render(
            values
            | {
                "words": words,
                "lang": words["lang"],
                "at": path_prefix(request.app.state.parts.settings),
                "alarms": alarmed,
                "grant": request.query_params.get(PARAMETER, ""),
            }
        )
    )
    return HTMLResponse(_NOT_IN_HTML.sub("", shown), status_code=status, headers={"Cache-Control": "no-cache"})


def wants_page(request: Request) -> bool:
    """Whether errors here are for a browser on one of the pages."""
    path = request.url.path.rstrip("/") or "/"
    on_page = path == FORM_DOOR or path == "/" or any(path == name or path.startswith(f"{name}/") for name in _PAGES)
    return on_page and "text/html" in request.headers.get("accept", "")


@lru_cache(maxsize=1)
def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("tts_service.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["staff_words"] = staff_words
    made.globals["refusal"] = refusal
    made.globals["translated"] = translated
    made.filters["clock"] = clock
    made.filters["granted"] = granted
    made.filters["visible"] = visible
    made.filters["web_address"] = web_address
    return made


def granted(grant: str, before: str) -> str:
    """The part of an address that takes a grant along, behind `?` or `&`; empty without one."""
    return f"{before}{PARAMETER}={quote(grant, safe='')}" if grant else ""


def clock(ms: int | None) -> str:
    """Milliseconds as m:ss or h:mm:ss."""
    seconds = (ms or 0) // 1000
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def web_address(text: str | None) -> str:
    """An address a link may lead to; empty for any other, such as javascript:."""
    found = WebAddress.read(text) or ""
    return _NOT_IN_ADDRESS.sub(lambda match: quote(match.group()), found)


def visible(text: str) -> str:
    """Text from strangers with its direction controls shown, so that it can't be read as something else."""
    return _BIDI.sub(lambda match: f"⟦U+{ord(match.group()):04X}⟧", text)
