"""docs/api.md: the endpoints of the desk exist and are all named, and so are the client's methods."""

from __future__ import annotations

import inspect
import re

from tests.measure.openapi_document import document
from tests.parts.places import ROOT
from tts_service.client import Client

PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
DESK = PAGE[PAGE.index("## The desk by API") :]
ROOTS = ("/v1/cases", "/v1/corrections", "/v1/preview", "/v1/lexicon/impact")


def test_the_endpoints_of_the_desk_are_those_of_the_document() -> None:
    cells = re.findall(r"^\| (`(?:GET|POST|PATCH).*?) \|", DESK, re.MULTILINE)
    named = set()
    for cell in cells:
        first, *more = re.findall(r"(?:[A-Z]+ )?(/[^` ]+)", cell)
        start = first.rpartition("/")[0]
        named |= {first} | {one if one.startswith("/v1") else start + one for one in more}
    documented = {path for path in document()["paths"] if path.startswith(ROOTS)}
    assert {nameless(path) for path in named} == {nameless(path) for path in documented}


def nameless(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


def test_every_method_of_the_client_is_named() -> None:
    methods = {name for name, _ in inspect.getmembers(Client, inspect.isfunction) if not name.startswith("_")}
    assert methods - {"close"} <= set(re.findall(r"(?:`|audio\.)(\w+)", PAGE))
    listed = DESK[DESK.index("- cases: `cases`") : DESK.index("### Two people at once")]
    assert set(re.findall(r"`(\w+)`", listed)) <= methods
