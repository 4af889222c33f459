"""Pages from templates; everything that comes from outside is escaped."""

from __future__ import annotations

import re
from functools import cache, partial
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from tts_service.cms.checks.staff import alarms
from tts_service.narration import notice
from tts_service.public_addresses import path_prefix
from tts_service.values import WebAddress
from tts_service.web.doors.grant import PARAMETER
from tts_service.web.languages import SOURCE, catalogue, language_for, quoted
from tts_service.web.pages.errors import refusal
from tts_service.web.pages.formats import format_filters
from tts_service.web.pages.names import code_name
from tts_service.web.pages.refusals import field_fault, translated
from tts_service.web.pages.voice_names import language_name, voice_name

_PAGES = ("/listen", "/embed", "/about", "/feedback", "/corrections", "/staff")
FORM_DOOR = "/v1/feedback"
"""Where the form of a page without scripts is sent."""
_NOT_IN_HTML = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
"""Characters no page may have, escaped or not (HTML, 13.2.3.5)."""
_NOT_IN_ADDRESS = re.compile(r'[\s"<>\\^`{|}]')
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def page(
    request: Request, template: str, values: dict[str, Any], *, language: str = SOURCE, status: int = 200
) -> HTMLResponse:
    """A page in a language; English where there is no translation. Never cached by others.

    In templates, `at` stands before every path of the service: the public URL's own path; `here` is the page's path.
    """
    shown_in = language_for(language)
    person = values.get("person")
    alarmed = alarms(request.app.state.parts.database, person.sites) if person else []
    shown = (
        environment(shown_in)
        .get_template(template)
        .render(
            {"notice": notice(shown_in)}
            | values
            | {
                "lang": shown_in,
                "at": path_prefix(request.app.state.parts.settings),
                "alarms": alarmed,
                "here": request.url.path,
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


@cache
def environment(language: str) -> Environment:
    """The templates in a language of `languages()`."""
    words = catalogue(language)
    made = Environment(
        extensions=["jinja2.ext.i18n"],
        loader=PackageLoader("tts_service.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Placeholders are filled by str.format, as in Python and in the player: one way for translators.
    made.install_gettext_translations(words, newstyle=False)  # type: ignore[attr-defined]
    made.globals["named"] = partial(code_name, words)
    made.filters["refusal"] = partial(refusal, words=words)
    made.filters["translated"] = partial(translated, words=words)
    made.filters["field_fault"] = partial(field_fault, words=words)
    made.filters["quoted"] = partial(quoted, words=words)
    made.filters["voice"] = partial(voice_name, shown_in=language)
    made.filters["language"] = partial(language_name, shown_in=language)
    made.filters.update(format_filters(language))
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
