"""Page furniture: lines that stand around an article and are not part of it, in English and German.

Every test here looks at a whole line, never inside one, so that a real sentence with the same words is spoken.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from tts_service.article.clean import one_line

MAX_LINE = 160
"""Characters a line of furniture may have; the disclosure and cookie lines are longer and matched by their "
"beginning."""

_LABELS = (
    "share|share this|share this (?:article|story|page)|share on .{2,20}|tweet|e-?mail|print|copy link|save|bookmark|"
    "follow us|follow us on .{2,30}|comments?|\\d+ comments?|show comments|leave a comment|image|photo|video|gallery|"
    "advertisements?|sponsored|date|author|source|tags?|topics?|category|menu|search|skip to (?:main )?content|"
    "sign in|log in|subscribe|home|back to top|\\d+ min(?:ute)?s? read|close|play|"
    "teilen|artikel teilen|auf .{2,20} teilen|drucken|merken|kommentare?|\\d+ kommentare?|kommentieren|anzeige|werbung|"
    "datum|autor(?:in)?|quelle|schlagwort(?:e|er)|schlagwörter|themen|menü|suche|zum inhalt springen|anmelden|"
    "abonnieren|startseite|nach oben|bild|foto|lesezeit:? \\d+ min(?:uten)?\\.?|schließen|abspielen|"
    "facebook|twitter|x|whatsapp|linkedin|instagram|telegram|bluesky|mastodon|threads|reddit|pinterest|flipboard"
)
_RULES: tuple[tuple[str, str], ...] = (
    (
        "player",
        "(?:listen to|hear) (?:the|this) (?:article|story)(?: ?[(·|-]?.{0,20})?|(?:diesen )?artikel (?:an)?hören"
        "(?: ?[(·|-]?.{0,20})?|(?:diesen )?(?:artikel|beitrag) vorlesen(?: lassen)?",
    ),
    (
        "read more",
        "(?:read|see|find out|learn) more(?: ?(?:[:>»→…]|about|on|here|\\.\\.\\.).{0,140})?(?:(?<![.!?])|(?<=here\\.))|"
        "see also ?:?.{0,140}(?<![.!?])|"
        "(?:also read|read also|read next|up next|don.t miss|more on this(?: story)?|more from .{2,40}) "
        "?:?.{0,120}(?<![.!?])|"
        "continue reading.{0,60}|(?:weiterlesen|mehr lesen|mehr dazu|mehr zum thema|lesen sie auch|lesen sie mehr|"
        "lesen sie hier(?: mehr)?|siehe auch|auch interessant|das könnte sie auch interessieren) "
        "?[:>»→…]?.{0,140}(?<![.!?])",
    ),
    (
        "more information",
        "(?:more information|send feedback|mehr infos|mehr informationen|feedback senden|fehler melden)"
        "(?: ?[|·•/-] ?(?:more information|send feedback|mehr infos|feedback senden|fehler melden))?",
    ),
    ("copyright", "(?:©|\\(c\\)|copyright).{0,150}|all rights reserved\\.?|alle rechte vorbehalten\\.?"),
    (
        "contact",
        "(?:(?:imprint|privacy(?: policy)?|terms(?: of use)?|contact(?: us)?|impressum|datenschutz|agb|kontakt)"
        " ?[|·•/,-]? ?){1,6}",
    ),
)
_LABEL = re.compile(_LABELS, re.IGNORECASE)
_BETWEEN_LABELS = re.compile(
    r" ?[|/·•,:] ?| - | (?=(?:Facebook|Twitter|WhatsApp|LinkedIn|Instagram|Print|E-?[Mm]ail|X\b))"
)
_COMPILED = tuple((reason, re.compile(pattern, re.IGNORECASE)) for reason, pattern in _RULES)

_BEGINNINGS: tuple[tuple[str, str], ...] = (
    (
        "disclosure",
        "(?:this|the) audio (?:version|of this article) (?:is|was|has been) (?:artificially |automatically |"
        "ai.)?generated|"
        "this (?:article|text) is read by (?:an? )?(?:synthetic|artificial|automated)|"
        "diese audioversion wurde (?:künstlich|automatisch|maschinell) (?:generiert|erstellt|erzeugt)|"
        "dieser (?:artikel|text|beitrag) wird von einer künstlichen stimme",
    ),
    (
        "cookie notice",
        "(?:we|this (?:site|website)) (?:and our partners )?uses? cookies|(?:by continuing to (?:use|browse))|"
        "accept (?:all )?cookies|cookie (?:settings|policy|preferences)|wir (?:verwenden|nutzen|setzen) cookies|"
        "diese (?:website|seite) (?:verwendet|nutzt) cookies|(?:alle )?cookies akzeptieren|cookie-einstellungen",
    ),
    (
        "newsletter",
        "(?:sign up|subscribe|register)(?: now| here| today)? (?:for|to) (?:our|the|my) .{0,40}(?:newsletter|"
        "briefing|updates|alerts?)|"
        "get (?:our|the) .{0,40}(?:newsletter|briefing)|join our newsletter|"
        "(?:melden sie sich|jetzt) .{0,40}newsletter .{0,30}(?:an|anmelden|abonnieren)|newsletter (?:abonnieren|"
        "bestellen)|"
        "abonnieren sie (?:unseren|den) .{0,40}newsletter",
    ),
)
_BEGINS = tuple((reason, re.compile(pattern, re.IGNORECASE)) for reason, pattern in _BEGINNINGS)

_GROUP = re.compile(
    "(?:related|latest|more|top|popular|trending|recommended|most[ -]read|most popular|further|other)"
    " (?:stories|news|articles|coverage|reading|posts|content|topics|links|headlines|videos)(?: .{0,30})?|most[ "
    "-]read|most popular|"
    "recommended(?: for you)?|you (?:may|might) also (?:like|be interested in)|editors?['’]s? picks?|on this topic|"
    "related|"
    "(?:mehr|weitere|ähnliche|verwandte|aktuelle|neueste|neuste|beliebte) (?:artikel|nachrichten|themen|beiträge|"
    "meldungen|news)"
    "(?: .{0,30})?|mehr zum thema|meistgelesen(?:e artikel)?|das könnte sie auch interessieren|auch interessant|"
    "empfohlene artikel|zum thema|lesen sie auch",
    re.IGNORECASE,
)
_SECTIONS = re.compile("(?i:home|start(?:seite)?|news|nachrichten)(?: ?[>›»/|·→] ?|(?=[A-ZÄÖÜ]))\\S.{0,120}")
_CRUMB_MARK = re.compile(r"\s[>›»→]\s")
_GLUED = re.compile(r"[a-zäöüß][A-ZÄÖÜ]")
_DATELINE = re.compile(
    r"(?:(?:published|updated|last updated|posted|veröffentlicht|aktualisiert|stand)(?: on| am)?:? ?)?"
    r"(?:[A-ZÄÖÜ][a-zäöü]{1,9}\.?,? )?"
    r"(?:\d{1,2}(?:\.|st|nd|rd|th)? ?[A-ZÄÖÜ][a-zäöü]{2,9}\.?,? \d{4}|[A-Z][a-z]{2,9}\.? \d{1,2},? \d{4}|"
    r"\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-\d{2}-\d{2})"
    r"(?:,? ?(?:at|um|·|[|–-])? ?\d{1,2}[:.]\d{2} ?(?:Uhr|[ap]\.?m\.?|[A-Z]{2,4})?)?",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…][\"'”’»“)]*$")


def reason_of(line: str) -> str | None:
    """Why this line is furniture; None when it is (or may be) part of the article."""
    text = one_line(line[: MAX_LINE * 8])
    for reason, pattern in _BEGINS:
        if pattern.match(text) and len(text) < MAX_LINE * 3:
            return reason
    if len(text) > MAX_LINE:
        return None
    if _is_label(text):
        return "label"
    for reason, pattern in _COMPILED:
        if pattern.fullmatch(text):
            return reason
    if _DATELINE.fullmatch(text):
        return "dateline standing alone"
    if is_breadcrumb(text):
        return "breadcrumb"
    return None


def _is_label(text: str) -> bool:
    """`Share`, `Date:`, `Share | Tweet | Print`: labels and nothing else."""
    if _LABEL.fullmatch(text.rstrip(": ")):
        return True
    parts = [part for part in _BETWEEN_LABELS.split(text) if part]
    return len(text) <= 100 and bool(parts) and all(_LABEL.fullmatch(part) for part in parts)


def is_breadcrumb(text: str) -> bool:
    """`Home > News > Politics`, also glued together as it comes out of a clipboard: `HomeTop NewsPolitics`."""
    if len(text) > MAX_LINE or _END.search(text):
        return False
    if len(_CRUMB_MARK.findall(text)) >= 2:
        return True
    if not _SECTIONS.fullmatch(text):
        return False
    return bool(_CRUMB_MARK.search(text)) or bool(_GLUED.search(text)) or bool(re.search(r" [/|·] ", text))


def opens_group(line: str) -> bool:
    """Whether this line opens a list of links to other articles ("Related stories")."""
    text = one_line(line[: MAX_LINE * 2]).rstrip(":").rstrip()
    return len(text) <= 60 and not _END.search(text) and _GROUP.fullmatch(text) is not None


def hangs_on_group(line: str) -> bool:
    """Whether this line can be a link under "Related stories": short, and not a sentence that ends."""
    text = one_line(line[: MAX_LINE * 2])
    return len(text) <= MAX_LINE and not (text.endswith((".", "!", "…")) and len(text.split()) > 6)


def same_headline(one: str, other: str) -> bool:
    """Whether two headlines are the same in a variation: case, quotes, a site's name or a cut end."""
    first, second = _bare(one), _bare(other)
    if not first or not second:
        return False
    if first == second:
        return True
    short, long = sorted((first, second), key=len)
    if len(short) >= 20 and long.startswith(short) and len(long) - len(short) <= 40:
        return True
    if abs(len(first) - len(second)) > 20 or len(long) > 300 or len(short) < 20:
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() > 0.9


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text[:400].casefold()).split())
