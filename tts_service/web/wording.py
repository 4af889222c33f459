"""What the pages say, by language. A language without an entry gets the English words."""

from __future__ import annotations

from collections.abc import Mapping

from tts_service.pipeline import notice

_EN = {
    "lang": "en",
    "listen": "Listen to the article",
    "more": "More information",
    "feedback": "Send feedback",
    "rendering": "The audio is still being made. You can listen already; it grows while you do.",
    "waiting": "The audio is being made. Please come back in a moment.",
    "failed": "The audio for this article could not be made.",
    "text": "The text as it is read",
    "article": "To the article",
    "minutes": "min",
    "by": "By",
    "about_title": "About this audio version",
    "about_article": "Audio version of",
    "how": "How it was made",
    "engine": "Speech engine",
    "voice": "Voice",
    "language": "Language of the voice",
    "licence": "Licence of the voice",
    "made": "Made on",
    "moment": "d MMMM yyyy, HH:mm 'UTC'",
    "not_made": "Not finished yet",
    "trained": "The voice is a neural network that was trained on recordings of human speech. "
    "Nobody read this article aloud.",
    "rules": "The voice is computed by rules, without recordings of human speech. Nobody read this article aloud.",
    "mixed": "Several voices speak. Some are neural networks that were trained on recordings of human speech, "
    "others are computed by rules. Nobody read this article aloud.",
    "account": "What is read and what is not",
    "account_all": "The whole article is read.",
    "account_some": "These parts of the page are not read:",
    "part": "Part",
    "begins": "Begins with",
    "reason": "Reason",
    "spoken_of": "{spoken} of {all} characters of the source are read.",
    "errors": "How errors are fixed",
    "errors_text": "A synthetic voice can mispronounce names, numbers and abbreviations. If you hear an error, "
    "tell us: the report goes to the newsroom together with the sentence you heard. When the newsroom corrects it, "
    "that sentence is spoken again and the audio is replaced.",
    "back": "Back to the audio",
    "feedback_title": "What is wrong in the audio?",
    "category": "What did you hear?",
    "pronunciation": "A word is pronounced wrongly",
    "number": "A number, date or abbreviation is read wrongly",
    "missing": "Something is missing",
    "extra": "Something is read that should not be",
    "sound": "The sound is bad",
    "other": "Something else",
    "position": "Where in the audio? (minutes:seconds)",
    "comment": "What should it be? (optional)",
    "email": "E-mail, if you want an answer (optional)",
    "send": "Send",
    "thanks": "Thank you. Your report has arrived.",
    "reference": "Reference",
    "state": "State",
    "reported": "Reported",
    "new": "New: nobody has looked at it yet",
    "confirmed": "Confirmed: the newsroom hears it too",
    "corrected": "Corrected: the audio was or will be replaced",
    "rejected": "Closed without a change",
    "keep": "Keep this address to see what becomes of it.",
    "error": "Please check:",
    "trap": "Leave this field empty",
    "token": "The form was open for too long. Send it again as it is",
    "time": "That was very quick. Send it again as it is",
    "subscribers": "This audio is for subscribers",
    "subscribers_text": "Open the article on its publisher's page and sign in there. Links to the audio itself work "
    "for a while only.",
}

_DE = {
    "lang": "de",
    "listen": "Artikel anhören",
    "more": "Mehr Informationen",
    "feedback": "Feedback senden",
    "rendering": "Die Audioversion entsteht gerade. Sie können schon zuhören; sie wächst, während Sie hören.",
    "waiting": "Die Audioversion entsteht gerade. Bitte kommen Sie gleich wieder.",
    "failed": "Die Audioversion dieses Artikels konnte nicht erstellt werden.",
    "text": "Der Text, wie er gelesen wird",
    "article": "Zum Artikel",
    "minutes": "Min.",
    "by": "Von",
    "about_title": "Über diese Audioversion",
    "about_article": "Audioversion von",
    "how": "Wie sie entstanden ist",
    "engine": "Sprachausgabe",
    "voice": "Stimme",
    "language": "Sprache der Stimme",
    "licence": "Lizenz der Stimme",
    "made": "Erstellt am",
    "moment": "d. MMMM yyyy, HH:mm 'UTC'",
    "not_made": "Noch nicht fertig",
    "trained": "Die Stimme ist ein neuronales Netz, das an Aufnahmen menschlicher Sprache trainiert wurde. "
    "Niemand hat diesen Artikel vorgelesen.",
    "rules": "Die Stimme wird nach Regeln berechnet, ohne Aufnahmen menschlicher Sprache. "
    "Niemand hat diesen Artikel vorgelesen.",
    "mixed": "Mehrere Stimmen sprechen. Einige sind neuronale Netze, die an Aufnahmen menschlicher Sprache trainiert "
    "wurden, andere werden nach Regeln berechnet. Niemand hat diesen Artikel vorgelesen.",
    "account": "Was gelesen wird und was nicht",
    "account_all": "Der ganze Artikel wird gelesen.",
    "account_some": "Diese Teile der Seite werden nicht gelesen:",
    "part": "Teil",
    "begins": "Beginnt mit",
    "reason": "Grund",
    "spoken_of": "{spoken} von {all} Zeichen der Vorlage werden gelesen.",
    "errors": "Wie Fehler behoben werden",
    "errors_text": "Eine künstliche Stimme kann Namen, Zahlen und Abkürzungen falsch aussprechen. Wenn Sie einen "
    "Fehler hören, sagen Sie es uns: Die Meldung geht zusammen mit dem gehörten Satz an die Redaktion. Berichtigt sie "
    "ihn, wird dieser Satz neu gesprochen und die Audioversion ersetzt.",
    "back": "Zurück zur Audioversion",
    "feedback_title": "Was stimmt an der Audioversion nicht?",
    "category": "Was haben Sie gehört?",
    "pronunciation": "Ein Wort ist falsch ausgesprochen",
    "number": "Eine Zahl, ein Datum oder eine Abkürzung ist falsch gelesen",
    "missing": "Es fehlt etwas",
    "extra": "Es wird etwas gelesen, das nicht dazugehört",
    "sound": "Der Ton ist schlecht",
    "other": "Etwas anderes",
    "position": "An welcher Stelle? (Minuten:Sekunden)",
    "comment": "Wie wäre es richtig? (freiwillig)",
    "email": "E-Mail, wenn Sie eine Antwort möchten (freiwillig)",
    "send": "Senden",
    "thanks": "Danke. Ihre Meldung ist angekommen.",
    "reference": "Kennung",
    "state": "Stand",
    "reported": "Gemeldet",
    "new": "Neu: noch hat niemand sie angesehen",
    "confirmed": "Bestätigt: Die Redaktion hört es auch",
    "corrected": "Berichtigt: Die Audioversion wurde oder wird ersetzt",
    "rejected": "Ohne Änderung geschlossen",
    "keep": "Unter dieser Adresse sehen Sie, was daraus wird.",
    "error": "Bitte prüfen:",
    "trap": "Dieses Feld leer lassen",
    "token": "Das Formular war zu lange offen. Senden Sie es einfach noch einmal",
    "time": "Das ging sehr schnell. Senden Sie es einfach noch einmal",
    "subscribers": "Diese Audioversion ist für Abonnenten",
    "subscribers_text": "Öffnen Sie den Artikel beim Verlag und melden Sie sich dort an. Links zum Ton selbst gelten "
    "nur eine Weile.",
}

_WORDS = {"en": _EN, "de": _DE}

KINDS = {
    "headline": "Schlagzeile", "standfirst": "Vorspann", "heading": "Überschrift", "paragraph": "Absatz",
    "list_item": "Listenpunkt", "quote": "Zitat", "caption": "Bildunterschrift", "table": "Tabelle", "code": "Code",
}  # fmt: skip
"""German names of the kinds of blocks."""


def words_for(language: str) -> Mapping[str, str]:
    """The words for a BCP 47 tag, the fixed disclosure sentence among them as `notice`."""
    found = _WORDS.get(language.split("-", 1)[0].lower(), _EN)
    return found | {"notice": notice(found["lang"])}


def kind_name(kind: str, lang: str) -> str:
    """A kind of block in words."""
    return KINDS.get(kind, kind) if lang == "de" else kind.replace("_", " ").capitalize()
