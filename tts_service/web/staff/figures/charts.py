"""Draws charts as SVG that stands in a page: coloured by its style sheet, named for screen readers.

pygal draws them. Of the kept libraries that need no browser it is the smallest that has classes instead of colours
(130 kB, LGPL, a release this year): leather writes colours into each shape, altair needs vl-convert (30 MB), and
matplotlib draws text as outlines. What our Content-Security-Policy refuses, its style element and script, is taken out.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pygal
from lxml import etree
from markupsafe import Markup
from pygal.style import Style

# For plugins of its own that aren't used here, pygal adds a finder that every later import of the process asks.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]

_SVG = "{http://www.w3.org/2000/svg}"
_WIDTH, _HEIGHT = 420, 190
_BAR = 26
"""Height of a horizontal bar with its distance to the next one."""
_MOST_LABELS = 7
"""Labels below the bars."""
_FEW = 5
"""The axis of whole numbers reaches at least this far."""
_UNWANTED = ("style", "script", "defs", "title", "desc")
_OVERLAYS = ("overlay", "text-overlay", "tooltip-overlay", "titles")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One series of numbers."""

    id: str
    """Unique on the page."""
    title: str
    summary: str
    """What it shows, for who doesn't see it."""
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    """None: not shown."""
    horizontal: bool = False
    """Bars from the left with a label beside each, instead of bars in a row."""


def draw(chart: Chart, written: Callable[[float], str]) -> Markup:
    """The chart as an svg element. `written`: how a number is written in the page's language."""
    made = _horizontal(chart) if chart.horizontal else _upright(chart)
    made.value_formatter = written
    if all(isinstance(value, int) and value < _FEW for value in chart.values):
        made.range = (0, _FEW)  # no fractions of a report on the axis
    root = etree.fromstring(etree.tostring(made.render_tree()))  # what it makes has no namespaces yet
    _strip(root)
    _name(root, chart)
    _hint(root, chart, written)
    return Markup(etree.tostring(root, encoding="unicode"))


def _upright(chart: Chart) -> Any:
    made = pygal.Bar(height=_HEIGHT, **_usual())
    made.x_labels = chart.labels
    step = -(-len(chart.labels) // _MOST_LABELS)
    made.x_labels_major = [label for number, label in enumerate(chart.labels) if number % step == 0]
    made.show_minor_x_labels = False
    made.show_x_guides = False
    made.add("", list(chart.values))
    return made


def _horizontal(chart: Chart) -> Any:
    made = pygal.HorizontalBar(height=30 + _BAR * max(1, len(chart.values)), **_usual())
    made.x_labels = chart.labels[::-1]  # it draws the first one at the bottom
    made.show_y_guides = False
    made.add("", list(chart.values)[::-1])
    return made


def _usual() -> dict[str, Any]:
    style = Style(label_font_size=12, major_label_font_size=12)
    return {
        "width": _WIDTH,
        "css": [],
        "js": [],
        "style": style,
        "no_prefix": True,
        "show_legend": False,
        "margin": 4,
        "max_scale": 5,
        "include_x_axis": True,
        "truncate_label": 24,
        "no_data_text": "",
    }


def _strip(root: Any) -> None:
    """Removes what the page doesn't allow or doesn't need."""
    for comment in list(root.iter(etree.Comment)):
        comment.getparent().remove(comment)
    for element in [*root.iter(*(f"{_SVG}{name}" for name in _UNWANTED))]:
        element.getparent().remove(element)
    for group in list(root.iter(f"{_SVG}g")):
        if set(_OVERLAYS) & set(group.get("class", "").split()):
            group.getparent().remove(group)


def _name(root: Any, chart: Chart) -> None:
    title, desc = etree.Element(f"{_SVG}title", id=f"{chart.id}-title"), etree.Element(f"{_SVG}desc")
    title.text, desc.text = chart.title, chart.summary
    desc.set("id", f"{chart.id}-desc")
    root.insert(0, desc)
    root.insert(0, title)
    root.attrib.pop("id", None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{chart.id}-title {chart.id}-desc")
    root.set("class", "chart")


def _hint(root: Any, chart: Chart, written: Callable[[float], str]) -> None:
    """What a pointer over a bar shows."""
    shown = [(label, value) for label, value in zip(chart.labels, chart.values, strict=True) if value is not None]
    bars = [group for group in root.iter(f"{_SVG}g") if group.get("class") == "bar"]
    for bar, (label, value) in zip(bars, shown[::-1] if chart.horizontal else shown, strict=True):
        etree.SubElement(bar, f"{_SVG}title").text = f"{label}: {written(value)}"
