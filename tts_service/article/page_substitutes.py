"""Pages served in place of the article: bot checks, maintenance notices, consent walls."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from tts_service.article.page_glance import Glance

MANY_WORDS = 150
"""A page with at least this many words is never a substitute."""
EMPTY_WORDS = 20
"""A page without the headline and with fewer words than this is effectively empty."""


def _any(lines: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{line.strip()})" for line in lines.strip().splitlines()), re.IGNORECASE)


_CHALLENGE = _any(r"""
    just a moment.{0,5}|attention required!?|ddos-guard|ddos protection.{0,40}|security (?:check|verification).{0,40}
    (?:please )?(?:verify|verifying|confirm|checking).{0,20} (?:human|robot|browser|connection).{0,60}
    (?:are you|you are) (?:a )?(?:human|not a robot|a robot).{0,40}|pardon our interruption.{0,5}|human verification
    access (?:denied|to this page has been denied).{0,60}|request (?:blocked|rejected)|robot check|captcha.{0,40}
    einen moment.{0,10}|sicherheits(?:prüfung|überprüfung|check).{0,40}|sind sie ein (?:mensch|roboter).{0,10}
    un instant.{0,5}|vérification de (?:sécurité|votre navigateur).{0,40}|un momento.{0,5}
    (?:comprobación|verificación) de seguridad.{0,40}|zugriff verweigert|accès refusé|acceso denegado
""")
_CHALLENGE_MARKS = (
    "#challenge-form, #challenge-running, #challenge-stage, #challenge-error-text, #cf-challenge-running, "
    ".cf-turnstile, #px-captcha, #sec-if-cpt-container, .g-recaptcha, .h-captcha, #captcha, #captcha-form, "
    "script[src*='captcha-delivery.com'], script[src*='_Incapsula_Resource'], iframe[src*='_Incapsula_Resource'], "
    "iframe[src*='captcha'], meta[id=captcha-bypass]"
)
_MAINTENANCE = _any(r"""
    (?:site |website |scheduled |planned )?maintenance(?: mode| break| work| page)?
    (?:.{0,40}\b)?(?:under|down for|undergoing|closed for|for scheduled|scheduled)(?: .{1,20})? maintenance.{0,60}
    (?:we.ll|we will|we.re going to) be (?:right )?back.{0,40}|(?:be )?right back|coming soon.{0,10}|opening soon
    (?:site |website )?(?:is )?under construction.{0,20}
    (?:.{0,40} )?(?:temporarily|briefly) (?:unavailable|offline).{0,80}
    service (?:temporarily )?unavailable|(?:500 )?internal server error|(?:50[234] )?bad gateway|gateway time-?out
    error establishing a database connection|(?:.{0,30} )?technical difficulties.{0,40}
    wartung(?:sarbeiten|smodus|sseite)?.{0,20}|(?:.{0,40} )?(?:in|wegen) wartung(?:sarbeiten)?.{0,40}
    (?:diese )?(?:seite|website) (?:wird|befindet sich|ist) .{0,40}(?:gewartet|wartung|aufbau|überarbeitet).{0,20}
    wir sind (?:gleich|bald|in kürze) (?:wieder|zurück).{0,30}
    (?:.{0,30} )?vorübergehend nicht (?:erreichbar|verfügbar).{0,20}
    (?:site |nous sommes )?en (?:cours de )?maintenance.{0,30}|maintenance en cours.{0,20}|site en construction
    (?:nous serons |nous revenons ).{0,20}(?:bientôt|retour).{0,20}|(?:.{0,30} )?temporairement indisponible.{0,20}
    (?:sitio |web |estamos )?en mantenimiento.{0,30}|(?:sitio )?en construcción|volvemos (?:pronto|enseguida).{0,20}
    (?:.{0,30} )?temporalmente no disponible.{0,20}|próximamente
""")
_MAINTENANCE_MARKS = (
    "body.template-password, body.maintenance, body.maintenance-mode, body.maintenance-page, #maintenance-mode, "
    ".maintenance-mode, body.coming-soon, #wp-maintenance-mode, body.under-construction"
)
_NOT_FOUND = _any(r"""
    (?:error |fehler |erreur )?404(?: error)?|(?:error |fehler |erreur )?404[ :,.!–—-]{1,4}.{0,60}
    (?:sorry|oops|ooops|whoops)[,.!…]{0,3}.{0,10}(?:page|article|story|link|not found|404|couldn.t|can.t).{0,60}
    (?:page|file|article|story|content|document) (?:not|can.?t be|cannot be|could not be|couldn.?t be) found.{0,20}
    (?:the|this|that) (?:page|article|story|content) .{0,40}(?:found|exists?)\.?
    (?:the|this|that) (?:page|article|story|content) (?:isn.t|is not|is no longer) (?:there|available)\.?
    nothing (?:was )?found(?: here)?|not found|we can.?t find .{0,40}page.{0,30}|no longer available
    (?:ups|hoppla|entschuldigung)[,.!…]{0,3}.{0,60}(?:seite|artikel|gefunden).{0,40}
    (?:die |diese )?(?:seite|artikel|inhalt|datei)(?: .{1,30})? nicht(?: mehr)?(?: gefunden| vorhanden| verfügbar)?\.?
    nicht gefunden|(?:cette |la )?(?:page|article)(?: .{1,20})? (?:introuvable|non trouvée?|n.existe (?:pas|plus))\.?
    (?:oups)[,.!…]{0,3}.{0,60}
    (?:la |esta )?(?:página|artículo)(?: .{1,20})? (?:no (?:encontrad[ao]|existe|disponible)).{0,20}
    no se (?:ha )?encontr(?:ó|ado) .{0,40}
""")
_NOT_FOUND_MARKS = (
    "body.error404, body.error-404, body.page-404, body.page-not-found, main.error-404, section.error-404"
)
_CONSENT = _any(r"""
    before you continue.{0,60}|(?:cookie |privacy )?consent(?: required| wall)?|privacy (?:wall|gate|settings)
    (?:we value |your )your privacy.{0,20}|your privacy.{0,40}|zustimmung.{0,30}|einwilligung.{0,30}
    datenschutzeinstellungen
    (?:weiterlesen )?mit werbung(?: weiterlesen| oder .{1,40})?.{0,30}|consentement.{0,30}|votre vie privée.{0,30}
    consentimiento.{0,30}|tu privacidad.{0,30}|age (?:verification|check|gate)|altersprüfung
    bevor sie (?:weiter|fort).{0,40}
    avant de continuer.{0,40}|antes de continuar.{0,40}
""")
_CONSENT_MARKS = (
    "#consent-wall, .consent-wall, #cookie-wall, .cookie-wall, #privacy-wall, .privacy-wall, .pur-abo, #purabo, "
    ".purabo, form[action*='consent'], form[action*='zustimmung'], #cmpbox, .cmp-wall, #contentpass"
)


def substitute_for(tree: LexborHTMLParser, glance: Glance, title: str | None) -> str | None:
    """One sentence for staff on what was served in place of the article; None if it is the article.

    Args:
        tree: the parsed page.
        glance: its visible content.
        title: the article's headline if known; a page that shows it is not a substitute.
    """
    if glance.shows(title):
        return None
    if glance.called(_NOT_FOUND) or tree.css_first(_NOT_FOUND_MARKS) is not None:
        return "The server returns a page that says “not found”, but without the matching status."
    if glance.words >= MANY_WORDS:
        return None
    for what, pattern, marks in (
        ("a check for robots", _CHALLENGE, _CHALLENGE_MARKS),
        ("a maintenance page", _MAINTENANCE, _MAINTENANCE_MARKS),
        ("a question for consent", _CONSENT, _CONSENT_MARKS),
    ):
        if glance.called(pattern) or (glance.words < MANY_WORDS // 2 and tree.css_first(marks) is not None):
            return f"The server returns {what} instead of the article."
    return None
