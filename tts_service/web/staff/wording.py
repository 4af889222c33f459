"""What the staff's pages about webhooks and callbacks say, in English and German, and which of them a browser wants."""

from __future__ import annotations

from collections.abc import Mapping

from babel.core import negotiate_locale
from starlette.requests import Request

_EN = {
    "staff": "Staff",
    "reports": "Reports",
    "events": "Webhooks",
    "callbacks": "Callbacks",
    "listening": "Listening",
    "people": "People",
    "log": "Log",
    "sign_out": "Sign out",
    "events_title": "What CMSs sent",
    "events_about": "Newest first, in UTC. Refused ones are kept for 7 days, the others for 30.",
    "callbacks_title": "What was sent to publishers",
    "callbacks_about": "Newest first, in UTC. Kept for 30 days after the last try.",
    "filter": "Filter",
    "state": "State",
    "site": "Site",
    "source": "Source",
    "type": "Event",
    "all": "all",
    "show": "Show",
    "nothing": "Nothing here.",
    "older": "Older",
    "newest": "Newest",
    "back": "Back to the list",
    "details": "Details of {0}",
    "look": "Look at it",
    "request": "The stored request",
    "headers": "Headers",
    "body": "Body",
    "no_body": "The body was not kept: it was too long, or the address is nobody's.",
    "cut": "The first {0} of {1} bytes.",
    "hidden": "hidden",
    "reason": "Reason",
    "became": "What became of it",
    "article": "Article",
    "job": "Job",
    "hook": "Hook",
    "replay": "Do it again",
    "replay_about": "It is taken as if it had just come. Whether it is signed is checked again, its age isn't.",
    "tries": "Tries",
    "no_tries": "It was not tried yet.",
    "when": "When (UTC)",
    "took": "Took",
    "status": "Status",
    "answer": "Answer",
    "none": "none",
    "next": "Next try (UTC)",
    "to": "To",
    "resend": "Send it again",
    "resend_about": "The same id and body, and a new round of tries.",
    "taken": "It is on its way again.",
    "received": "waiting",
    "done": "done",
    "ignored": "ignored",
    "failed": "failed",
    "refused": "refused",
    "pending": "waiting",
    "delivered": "delivered",
}
_DE = {
    "staff": "Redaktion",
    "reports": "Meldungen",
    "events": "Webhooks",
    "callbacks": "Rückrufe",
    "listening": "Hörzahlen",
    "people": "Personen",
    "log": "Protokoll",
    "sign_out": "Abmelden",
    "events_title": "Was Redaktionssysteme geschickt haben",
    "events_about": "Das Neueste zuerst, in UTC. Abgewiesenes bleibt 7 Tage, alles andere 30.",
    "callbacks_title": "Was an Verlage ging",
    "callbacks_about": "Das Neueste zuerst, in UTC. Es bleibt 30 Tage nach dem letzten Versuch.",
    "filter": "Auswahl",
    "state": "Zustand",
    "site": "Website",
    "source": "Quelle",
    "type": "Ereignis",
    "all": "alle",
    "show": "Anzeigen",
    "nothing": "Hier ist nichts.",
    "older": "Ältere",
    "newest": "Neueste",
    "back": "Zurück zur Liste",
    "details": "Einzelheiten zu {0}",
    "look": "Ansehen",
    "request": "Die gespeicherte Anfrage",
    "headers": "Kopfzeilen",
    "body": "Inhalt",
    "no_body": "Der Inhalt wurde nicht behalten: Er war zu lang, oder die Adresse gehört niemandem.",
    "cut": "Die ersten {0} von {1} Bytes.",
    "hidden": "verborgen",
    "reason": "Grund",
    "became": "Was daraus wurde",
    "article": "Artikel",
    "job": "Auftrag",
    "hook": "Hook",
    "replay": "Noch einmal ausführen",
    "replay_about": "Es gilt wie eben eingetroffen. Die Unterschrift wird wieder geprüft, das Alter nicht.",
    "tries": "Versuche",
    "no_tries": "Es wurde noch nicht versucht.",
    "when": "Wann (UTC)",
    "took": "Dauer",
    "status": "Status",
    "answer": "Antwort",
    "none": "keine",
    "next": "Nächster Versuch (UTC)",
    "to": "An",
    "resend": "Noch einmal senden",
    "resend_about": "Dieselbe Kennung, derselbe Inhalt, eine neue Runde von Versuchen.",
    "taken": "Es ist wieder unterwegs.",
    "received": "wartet",
    "done": "erledigt",
    "ignored": "übergangen",
    "failed": "gescheitert",
    "refused": "abgewiesen",
    "pending": "wartet",
    "delivered": "zugestellt",
}
_WORDS = {"en": _EN, "de": _DE}
_MOST_TAGS = 20


def staff_words(language: str) -> Mapping[str, str]:
    """The words for a language; English where there are none."""
    return _WORDS.get(language, _EN)


def language_of(request: Request) -> str:
    """The language that the browser likes best of those there are (RFC 9110, 12.5.4)."""
    asked = []
    for part in request.headers.get("accept-language", "")[:1000].split(",")[:_MOST_TAGS]:
        tag, _, weight = part.partition(";q=")
        try:
            asked.append((-float(weight or 1), tag.strip()))
        except ValueError:
            continue
    liked = [tag.replace("_", "-") for weight, tag in sorted(asked, key=lambda one: one[0]) if weight and tag != "*"]
    return negotiate_locale(liked, list(_WORDS), sep="-") or "en"
