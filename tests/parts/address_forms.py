"""Addresses for tests: the ways in which one page is written, and pages that only look alike."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from hypothesis import strategies as st

BRIDGE = "https://zeitung.example/straße/brücke?teil=ü"
SAME_PAGE = {
    "as it was sent": BRIDGE,
    "slash": "https://zeitung.example/straße/brücke/?teil=ü",
    "utm": f"{BRIDGE}&utm_source=mail&utm_Campaign=herbst",
    "utm first": "https://zeitung.example/straße/brücke?utm_medium=x&teil=ü",
    "fbclid": f"{BRIDGE}&fbclid=IwAR0x-y_z",
    "gclid": f"{BRIDGE}&gclid=abc",
    "fragment": f"{BRIDGE}#kommentare",
    "text fragment": f"{BRIDGE}#:~:text=Br%C3%BCcke",
    "http": BRIDGE.replace("https", "http"),
    "port 443": BRIDGE.replace(".example", ".example:443"),
    "port 80": BRIDGE.replace("https", "http").replace(".example", ".example:80"),
    "capital host": BRIDGE.replace("zeitung.example", "ZEITUNG.Example"),
    "capital scheme": BRIDGE.replace("https", "HTTPS"),
    "dot behind the host": BRIDGE.replace(".example", ".example."),
    "encoded": "https://zeitung.example/stra%C3%9Fe/br%C3%BCcke?teil=%C3%BC",
    "encoded in small letters": "https://zeitung.example/stra%c3%9fe/br%c3%bccke?teil=%c3%bc",
    "letters encoded without need": "https://zeitung.example/%73tra%C3%9Fe/br%C3%BCcke?%74eil=%C3%BC",
    "NFD": unicodedata.normalize("NFD", BRIDGE),
    "NFD, encoded": "https://zeitung.example/stra%C3%9Fe/bru%CC%88cke?teil=u%CC%88",
    "dots in the path": "https://zeitung.example/ferry/../stra%C3%9Fe/./brücke?teil=ü",
    "white space around it": f" {BRIDGE}\n",
}
"""By what is different."""
OTHER_PAGES = (
    "https://zeitung.example/straße/brücke",
    "https://zeitung.example/straße/brücke?teil=u",
    "https://zeitung.example/straße/brücke?teil=ü&seite=2",
    "https://zeitung.example/strasse/brücke?teil=ü",
    "https://zeitung.example/Straße/Brücke?teil=ü",
    "https://zeitung.example/straße%2Fbrücke?teil=ü",
    "https://zeitung.example:8443/straße/brücke?teil=ü",
    "https://www.zeitung.example/straße/brücke?teil=ü",
    "https://zeitung.example.org/straße/brücke?teil=ü",
)

_LETTERS = st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
_STEPS = st.lists(_LETTERS.filter(lambda step: step not in (".", "..")), min_size=1, max_size=4)
_PAIRS = st.lists(st.tuples(st.sampled_from(["id", "seite", "q", "größe", "a.b"]), _LETTERS), max_size=3)
_HOSTS = st.sampled_from(["zeitung.example", "müller.example", "straße.example", "例え.テスト", "a-b.c.example"])


@st.composite
def two_forms(draw: st.DrawFn) -> tuple[str, str]:
    """Two addresses of one page, each put together in its own way from the same parts."""
    host, steps, pairs = draw(_HOSTS), draw(_STEPS), draw(_PAIRS)
    return _written(draw, host, steps, pairs), _written(draw, host, steps, pairs)


def _written(draw: st.DrawFn, host: str, steps: list[str], pairs: list[tuple[str, str]]) -> str:
    scheme = draw(st.sampled_from(["http", "https", "HTTPS"]))
    host = draw(st.sampled_from([host, host.upper().replace("SS", "ss") if "ß" not in host else host]))
    host = unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), host)
    port = draw(st.sampled_from(["", ":443" if scheme.lower() == "https" else ":80"]))
    path = "/".join(_encoded(draw, step) for step in steps) + draw(st.sampled_from(["", "/"]))
    query = [f"{_encoded(draw, name)}={_encoded(draw, value)}" for name, value in pairs]
    marks = draw(
        st.lists(st.sampled_from(["utm_source=a", "UTM_id=1", "fbclid=x%20y", "gclid=", "mc_eid"]), max_size=2)
    )
    for mark in marks:
        query.insert(draw(st.integers(0, len(query))), mark)
    fragment = draw(st.sampled_from(["", "#", "#top", "#ü?x/y"]))
    return f"{scheme}://{host}{port}/{path}{'?' if query else ''}{'&'.join(query)}{fragment}"


def _encoded(draw: st.DrawFn, text: str) -> str:
    """The text with all that has a meaning in an address encoded, the rest as it may be written."""
    text = unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), text)
    plain = draw(st.booleans())
    letters = (
        letter if plain and (letter.isalnum() or ord(letter) > 0xA0) else quote(letter, safe="") for letter in text
    )
    found = "".join(letters)
    return found.lower() if not plain and draw(st.booleans()) and found.isascii() and text == text.lower() else found
