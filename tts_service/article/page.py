"""A full web page -> pieces: reads the whole page, then selects the article."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from tts_service.article.depth import shallow
from tts_service.article.html import read_tree
from tts_service.article.main_text import main_only
from tts_service.article.page_facts import PageFacts, facts_of
from tts_service.article.pieces import Piece
from tts_service.article.width import narrow

_PAGE = re.compile(r"<(?:html|head|body|!doctype)[\s>]", re.IGNORECASE)


def is_page(source: str) -> bool:
    """Whether the source is a whole page rather than the body field of a CMS."""
    return _PAGE.search(source[:5_000]) is not None


def read_page(source: str) -> tuple[list[Piece], PageFacts]:
    """Every piece of a page, those outside the article skipped with a reason, and the page's metadata."""
    source = shallow(narrow(source))
    tree = LexborHTMLParser(source)
    facts = facts_of(tree)
    body = tree.body
    pieces = read_tree(body) if body is not None else []
    return main_only(pieces, source, facts), facts
