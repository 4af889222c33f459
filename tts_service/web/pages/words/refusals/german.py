"""What staff are refused, in German: by the English message, whose places `{0}`, `{1}` are filled."""

from __future__ import annotations

REFUSALS = {
    "This name and password don't belong together here.": "Name und Passwort passen nicht zusammen.",
    "Passwords are not used here.": "Hier wird ohne Passwort angemeldet.",
    "This link was used already, is too old or isn't ours: ask for another.": (
        "Dieser Link wurde schon benutzt, ist zu alt oder nicht von uns: Bitten Sie um einen neuen."
    ),
    "This invitation was used already, is too old or isn't ours: ask an admin for another.": (
        "Diese Einladung wurde schon benutzt, ist zu alt oder nicht von uns: Bitten Sie die "
        "Administration um eine neue."
    ),
    "This account is shut out: ask an admin.": "Dieses Konto ist gesperrt: Wenden Sie sich an die Administration.",
    "Nobody by this address works here: ask an admin for an invitation.": (
        "Mit dieser Adresse arbeitet hier niemand: Bitten Sie die Administration um eine Einladung."
    ),
    "The issuer didn't let you in.": "Der Anmeldedienst hat Sie nicht eingelassen.",
    "The issuer's answer can't be believed: begin again, or ask an admin to look into the log.": (
        "Der Antwort des Anmeldedienstes ist nicht zu trauen: Beginnen Sie noch einmal oder bitten Sie "
        "die Administration, ins Protokoll zu sehen."
    ),
    "This answer is not to a sign-in of this browser: begin again.": (
        "Diese Antwort gehört zu keiner Anmeldung in diesem Browser: Beginnen Sie noch einmal."
    ),
    "Nobody signs in elsewhere here: TTS_OIDC_ISSUER is not set.": (
        "Eine Anmeldung über einen anderen Dienst gibt es hier nicht: TTS_OIDC_ISSUER ist nicht gesetzt."
    ),
    "The present password is another one.": "Das bisherige Passwort ist ein anderes.",
    "A password has {0} to {1} characters.": "Ein Passwort hat {0} bis {1} Zeichen.",
    "This password is too easy to guess: take several words, and not your name.": (
        "Dieses Passwort ist zu leicht zu erraten: Nehmen Sie mehrere Wörter, und nicht Ihren Namen."
    ),
    "A name has 1 to 200 characters, no blanks, quotes or angle brackets: an e-mail address.": (
        "Ein Name hat 1 bis 200 Zeichen, keine Leerzeichen, Anführungszeichen oder spitzen Klammern: "
        "eine E-Mail-Adresse."
    ),
    "A role is one of {0}.": "Diese Rolle gibt es nicht. Möglich sind: {0}.",
    "There is somebody called {0} already.": "{0} gibt es hier schon.",
    "There is nobody called {0} here.": "{0} gibt es hier nicht.",
    "There is nobody with the id {0} here.": "Niemand hat hier die Kennung {0}.",
    "This is the last admin: make somebody else one first.": (
        "Das ist das letzte Konto der Administration: Geben Sie diese Rolle erst jemand anderem."
    ),
    "This is for admins.": "Das ist der Administration vorbehalten.",
    "This form is not from this session: open the page again and send it from there.": (
        "Dieses Formular ist nicht aus dieser Sitzung: Öffnen Sie die Seite neu und senden Sie es von dort."
    ),
    "This was sent from another site's page: send it from this service's own.": (
        "Das kam von der Seite einer anderen Website: Senden Sie es von einer Seite dieses Dienstes."
    ),
    "Staff sign in over https: set TTS_PUBLIC_URL to the https:// address of this service.": (
        "Die Redaktion meldet sich über https an: Setzen Sie TTS_PUBLIC_URL auf die https://-Adresse dieses Dienstes."
    ),
    "The form can't be read: send UTF-8.": "Das Formular ist nicht lesbar: Senden Sie UTF-8.",
    "Name the revision by its number.": "Nennen Sie die Fassung mit ihrer Nummer.",
    "A report is {0}; not {1}.": "Eine Meldung kann nicht {1} sein. Möglich sind: {0}.",
    "Clip {0} has no revision {1} that came after {2}.": (
        "Der Clip {0} hat keine Fassung {1}, die nach Fassung {2} kam."
    ),
    "There is no report {0}.": "Eine Meldung {0} gibt es nicht.",
    "There is no event {0}.": "Einen Webhook {0} gibt es nicht.",
    "There is no delivery {0}.": "Einen Rückruf {0} gibt es nicht.",
    "There is no clip {0}.": "Einen Clip {0} gibt es nicht.",
    "Clip {0} was withdrawn.": "Der Clip {0} wurde zurückgezogen.",
    "Site {0} has no articles here.": "Von der Website {0} gibt es hier keine Artikel.",
    "Site {0} has no alarm.": "Für die Website {0} gibt es keinen Alarm.",
    "There is nothing at {0}.": "Unter {0} gibt es nichts.",
    "Its hook isn't known: nothing says which site it is for.": (
        "Sein Hook ist unbekannt: Nichts sagt, zu welcher Website er gehört."
    ),
    "There is no body of it here: publish the article again in the CMS.": (
        "Der Inhalt ist nicht mehr da: Veröffentlichen Sie den Artikel noch einmal im Redaktionssystem."
    ),
    "The same event came again and was taken.": "Derselbe Webhook kam noch einmal und wurde angenommen.",
    "{0} is under way just now.": "{0} wird gerade gesendet.",
    "{0} is switched off ({1}): switch it on first.": (
        "{0} ist abgeschaltet ({1}): Schalten Sie die Adresse erst ein."
    ),
    "At most {0} in {1} s: try again in {2} s.": "Höchstens {0} in {1} s: Versuchen Sie es in {2} s noch einmal.",
    "the signature is wrong": "die Signatur stimmt nicht",
    "unsigned: no header {0}": "nicht signiert: Die Kopfzeile {0} fehlt",
    "unsigned: Authorization has no bearer token": "nicht signiert: In Authorization steht kein Bearer-Token",
    "too old: signed {0} s ago": "zu alt: vor {0} s signiert",
    "from the future: signed {0} s ahead": "aus der Zukunft: {0} s im Voraus signiert",
    "{0} has the wrong form": "{0} hat die falsche Form",
    "webhook-id or webhook-timestamp has the wrong form": "webhook-id oder webhook-timestamp hat die falsche Form",
    "the time or the list of signed headers isn't signed": (
        "die Zeit oder die Liste der signierten Kopfzeilen ist nicht signiert"
    ),
    "The body is not UTF-8: byte {0} can't be read.": "Der Inhalt ist kein UTF-8: Byte {0} ist nicht lesbar.",
    "The body is nested deeper than {0}.": "Der Inhalt ist tiefer als {0} Ebenen geschachtelt.",
    "The body is not JSON: {0}.": "Der Inhalt ist kein JSON.",
}
