"""Why a block is not spoken as its text, in words for readers."""

from __future__ import annotations

REASONS = {
    "headline repeated": "Schlagzeile steht schon oben", "caption": "Bildunterschrift", "table": "Tabelle",
    "code": "Programmtext", "navigation": "Navigation", "footer": "Fußzeile", "form": "Formular",
    "box beside the article": "Kasten neben dem Artikel", "button": "Schaltfläche", "hidden": "nicht sichtbar",
    "label": "Beschriftung", "player": "Beschriftung des Abspielers", "read more": "Verweis auf andere Artikel",
    "more information": "Beschriftung des Abspielers", "copyright": "Urheberrechtshinweis", "contact": "Kontaktzeile",
    "disclosure": "Hinweis auf die Audioversion", "cookie notice": "Cookie-Hinweis", "newsletter": "Newsletter-Werbung",
    "links to other articles": "Verweise auf andere Artikel", "share links": "Teilen-Knöpfe",
    "advertisement": "Werbung",
    "breadcrumb": "Navigation", "comments": "Kommentare", "footnotes": "Fußnoten", "footnote mark": "Fußnotenzeichen",
    "for screen readers only": "nur für Vorleseprogramme",
    "not part of the article's text": "gehört nicht zum Artikeltext",
    "marked by the editors: not to be spoken": "von der Redaktion ausgenommen",
    "for browsers without scripts": "für Browser ohne Skripte", "shown when media can't play": "Ersatztext für Medien",
    "drawing": "Zeichnung", "formula": "Formel", "byline": "Autorenzeile", "tags": "Schlagwörter",
    "embedded": "eingebettet", "embedded post": "eingebetteter Beitrag",
    "name and date of an embedded post": "Name und Datum eines eingebetteten Beitrags",
    "picture credit": "Bildnachweis", "paywall": "Hinweis auf das Abonnement", "shortcode": "Kurzbefehl des CMS",
    "notice": "Hinweis", "dateline standing alone": "alleinstehende Ortsmarke", "said already": "steht schon oben",
    "pull quote, said in the text": "Zitat aus dem Text",
    "the editors chose other parts": "von der Redaktion nicht ausgewählt",
    "said otherwise by the editors, with the block before": "von der Redaktion anders gesagt, mit dem Absatz davor",
    "marks only, nothing to say": "nur Zeichen, nichts zu sagen", "quote": "Zitat", "heading": "Zwischentitel",
    "list item": "Listenpunkt", "paragraph": "Absatz", "standfirst": "Vorspann",
}  # fmt: skip
"""German by the reason that article/ gives."""
_OPENINGS = {
    "announced: ": "angekündigt: ", "not read: ": "nicht gelesen: ",
    "table: no announcement in ": "Tabelle: keine Ansage auf ",
    "code: no announcement in ": "Programmtext: keine Ansage auf ",
    "caption: no announcement in ": "Bild: keine Ansage auf ",
}  # fmt: skip
"""Reasons that name something behind these words."""


def reason_in(reason: str, lang: str) -> str:
    """Why a block is skipped, in words; English where there is no translation."""
    if lang != "de":
        return reason[:1].upper() + reason[1:]
    for english, german in _OPENINGS.items():
        if reason.startswith(english):
            return german + reason.removeprefix(english)
    return REASONS.get(reason, reason)
