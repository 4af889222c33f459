"""The words of the staff's pages about webhooks, checks and callbacks, in English and German; which a browser wants."""

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
    "checks": "Checks",
    "checks_title": "Articles checked against their CMS",
    "checks_about": (
        "Known articles are looked at again: by the CMS’s API, or else by their public page, which has to "
        "say the same twice, {0} seconds apart. Times in UTC."
    ),
    "checks_every": "A round takes every article once in {0} hours.",
    "checks_most": (
        "If more than {0} % of a site’s articles look closed in one round, an alarm tells you, and nothing "
        "is withdrawn until you decide."
    ),
    "checks_off": "Checks are switched off (TTS_CHECK_EVERY_S is 0).",
    "checks_found": "Taken offline, or in doubt",
    "brought_back": "Articles brought back: {0}.",
    "round_running": "running",
    "round_done": "done",
    "round_waits": "not begun",
    "round_counts": "Checked {0} of {1} public articles",
    "round_started": "Started",
    "round_ended": "last round ended",
    "round_next": "next",
    "alarm": "Many articles of {0} look closed: please decide.",
    "alarm_about": (
        "Since {0}, more articles than usual look closed or deleted. Nobody hears them now, but nothing is lost."
    ),
    "bring_all_back": "Bring all back",
    "really_closed": "They really are closed",
    "bring_back": "Bring back",
    "check_now": "Check now",
    "check_open": "open",
    "check_taken_away": "taken offline",
    "check_suspected": "in doubt",
    "check_gone": "gone",
    "check_closed": "closed",
    "check_withdrawn": "withdrawn",
    "check_reopened": "opened again",
    "check_requested": "read from the page",
    "check_unknown": "no clear answer",
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
    "checks": "Prüfungen",
    "checks_title": "Artikel im Abgleich mit dem Redaktionssystem",
    "checks_about": (
        "Bekannte Artikel werden erneut angesehen: über die Schnittstelle des Redaktionssystems, sonst auf "
        "ihrer öffentlichen Seite, die zweimal im Abstand von {0} Sekunden dasselbe sagen muss. Zeiten in "
        "UTC."
    ),
    "checks_every": "Eine Runde erfasst jeden Artikel einmal in {0} Stunden.",
    "checks_most": (
        "Wirken in einer Runde mehr als {0} % der Artikel einer Website verschlossen, schlägt der Abgleich "
        "Alarm, und nichts wird zurückgezogen, bis Sie entscheiden."
    ),
    "checks_off": "Der Abgleich ist abgeschaltet (TTS_CHECK_EVERY_S ist 0).",
    "checks_found": "Offline genommen oder zweifelhaft",
    "brought_back": "Zurückgeholte Artikel: {0}.",
    "round_running": "läuft",
    "round_done": "beendet",
    "round_waits": "noch nicht begonnen",
    "round_counts": "{0} von {1} öffentlichen Artikeln geprüft",
    "round_started": "Begonnen",
    "round_ended": "letzte Runde beendet",
    "round_next": "nächste",
    "alarm": "Viele Artikel von {0} wirken verschlossen: Bitte entscheiden Sie.",
    "alarm_about": (
        "Seit {0} wirken mehr Artikel als üblich verschlossen oder gelöscht. Niemand hört sie jetzt, aber "
        "nichts ist verloren."
    ),
    "bring_all_back": "Alle zurückholen",
    "really_closed": "Sie sind wirklich verschlossen",
    "bring_back": "Zurückholen",
    "check_now": "Jetzt prüfen",
    "check_open": "offen",
    "check_taken_away": "offline genommen",
    "check_suspected": "zweifelhaft",
    "check_gone": "gelöscht",
    "check_closed": "verschlossen",
    "check_withdrawn": "zurückgezogen",
    "check_reopened": "wieder geöffnet",
    "check_requested": "von der Seite gelesen",
    "check_unknown": "keine klare Antwort",
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
