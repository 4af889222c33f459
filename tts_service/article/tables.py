"""HTML tables: content, caption, and detection of layout tables."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from tts_service.article.clean import one_line

LONG_CELL = 400
"""A cell with more characters than this holds prose, not data."""
MAX_NESTED = 20
"""Maximum nesting of tables examined; deeper ones are layout."""


def arranges_page(table: LexborNode) -> bool:
    """Whether it is a layout table: its cells hold paragraphs, headings or tables, or there is only one column."""
    role = table.attributes.get("role") or ""
    if role in ("presentation", "none"):
        return True
    holds_tables = len(table.css("table")) > 1
    if table.css_first("caption, th") is not None and not holds_tables:
        return False
    if holds_tables or table.css_first("h1, h2, h3, h4, p + p") is not None:
        return True
    cells = table.css("td")
    if not cells:
        return False
    rows = table.css("tr")
    return len(cells) <= len(rows) or any(len(cell.text()) > LONG_CELL for cell in cells)


def text_of(table: LexborNode) -> str:
    """Text of all cells, row by row."""
    return table.text(separator=" ")


def title_of(table: LexborNode) -> str | None:
    """The table's title: its caption, its figure's caption, or its aria-label."""
    for node in (table.css_first("caption"), _figure_caption(table)):
        if node is not None and (title := one_line(node.text())):
            return title
    return one_line(table.attributes.get("aria-label") or "") or None


def _figure_caption(table: LexborNode) -> LexborNode | None:
    node = table.parent
    for _ in range(3):
        if node is None:
            return None
        if node.tag == "figure":
            return node.css_first("figcaption")
        node = node.parent
    return None
