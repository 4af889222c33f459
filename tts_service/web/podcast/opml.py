"""OPML 2.0: lists of feeds that podcast apps import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from tts_service.web.podcast.xml_text import fit_for_xml


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A feed in the list."""

    title: str
    feed_url: str
    page_url: str
    """Where its site is read."""


def write_opml(title: str, outlines: Sequence[Outline]) -> bytes:
    """The document, UTF-8."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = fit_for_xml(title)
    body = etree.SubElement(root, "body")
    for outline in outlines:
        name = fit_for_xml(outline.title)
        etree.SubElement(
            body, "outline", text=name, title=name, type="rss", xmlUrl=outline.feed_url, htmlUrl=outline.page_url
        )
    document: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
