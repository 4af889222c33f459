"""CMS fields rendered without a template: Wagtail outputs a StructBlock as a `<dl>` with field names.

Names, settings and addresses are skipped; text fields are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborNode

from tts_service.article.clean import one_line
from tts_service.article.pieces import listed
from tts_service.values import BlockKind

FIELD_NAME = "name of a field in the CMS"
SETTING = "setting of a block in the CMS"
MAX_CHILDREN = 400
MAX_BACK = 6
"""Maximum nodes between a value and its field's name."""
SHORT = 4
"""Maximum words of a setting; longer values are text whatever the field's name."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}", re.ASCII)
_HEADINGS = listed("heading title headline header subheading sub_heading subtitle")
_QUOTES = listed("quote quotation pull_quote blockquote zitat citation cita")
_CAPTIONS = listed(
    "caption alt alt_text image_alt alternative_text image_caption credit copyright bildunterschrift legende"
)
_SETTINGS = listed(
    "id anchor slug level size width height align alignment position layout style theme variant color "
    "colour background background_color icon css_class class_name classes columns order target open_in_new_tab "
    "language new_window "
    "code_language url link href external_url external_link link_url internal_link page link_page document file image "
    "photo picture video embed embed_url video_url email phone button button_text button_label button_url link_text "
    "link_label cta cta_text cta_label call_to_action show_title full_width autoplay date date_from date_to"
)
_TEXTS = listed(
    "text body content paragraph intro introduction description summary lead standfirst rich_text richtext answer "
    "question name author attribution source items item value inhalt ueberschrift titel titre texte titulo texto"
)
_KNOWN = _HEADINGS | _QUOTES | _CAPTIONS | _SETTINGS | _TEXTS
_VALUE = re.compile(
    r"True|False|None|-|[\d.,:/ -]{1,30}|#[0-9a-fA-F]{3,8}|https?://\S{1,2000}|/[\w./-]{1,300}|[^\s@]+@[^\s@]+"
)


@dataclass(frozen=True, slots=True)
class Field:
    """How to read a field's value."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    reason: str | None = None


def is_struct(dl: LexborNode, *, inside: bool) -> bool:
    """Whether a `<dl>` holds a block's fields rather than terms and definitions.

    Args:
        dl: the element.
        inside: it is inside another block's field.
    """
    names = [_line(child) for child in islice(dl.iter(), MAX_CHILDREN) if child.tag == "dt"]
    if not names or not all(map(_NAME.fullmatch, names)):
        return False
    around = dl.parent.attributes.get("class") or "" if dl.parent is not None and dl.parent.attributes else ""
    in_block = inside or any(name.startswith("block-") for name in around.split())
    return in_block or any("_" in name for name in names) or (len(names) > 1 and _KNOWN.issuperset(names))


def field_of(dd: LexborNode) -> Field:
    """How to read the value in a `<dd>`, by the field's name and by its content."""
    name, text = _name_of(dd), _line(dd)
    if text and (_VALUE.fullmatch(text) or (name in _SETTINGS and len(text.split()) <= SHORT)):
        return Field(reason=SETTING)
    if name in _HEADINGS:
        return Field(kind=BlockKind.HEADING, level=2)
    if name in _CAPTIONS:
        return Field(kind=BlockKind.CAPTION)
    return Field(kind=BlockKind.QUOTE) if name in _QUOTES else Field()


def _name_of(dd: LexborNode) -> str:
    node = dd.prev
    for _ in range(MAX_BACK):
        if node is None:
            return ""
        if node.tag == "dt":
            return _line(node)
        node = node.prev
    return ""


def _line(node: LexborNode) -> str:
    """Text of an element that holds a single line or link; empty if it holds more."""
    only = [child for child in islice(node.iter(include_text=True), 4) if child.tag != "-text" or child.text().strip()]
    if len(only) != 1:
        return ""
    inner = only[0].child if only[0].tag == "a" else only[0]
    is_line = inner is not None and inner.tag == "-text" and (inner is only[0] or inner.next is None)
    return one_line(inner.text_content or "") if inner is not None and is_line else ""
