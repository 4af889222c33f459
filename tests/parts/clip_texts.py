"""Sentences for the sweep over the formats, from one word to forty, in five languages. The same seed, the same text."""

from __future__ import annotations

import random
from collections.abc import Sequence

WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...], str]] = {
    "en": (
        ("The council", "A fisherman", "The night train", "My neighbour", "The small museum", "Nobody", "The ferry"),
        ("opens", "counts", "repairs", "forgets", "watches", "sells", "paints"),
        ("the old harbour", "its seven bridges", "a box of letters", "the glass roof", "every second window", "salt"),
        ("before sunrise", "on Tuesday", "with great care", "for the third time", "in the rain", "at last"),
        "and",
    ),
    "de": (
        ("Der Rat", "Eine Fischerin", "Der Nachtzug", "Unser Nachbar", "Das kleine Museum", "Niemand", "Die Fähre"),
        ("öffnet", "zählt", "repariert", "vergisst", "beobachtet", "verkauft", "streicht"),
        ("den alten Hafen", "sieben Brücken", "eine Kiste Briefe", "das Glasdach", "jedes zweite Fenster", "Salz"),
        ("vor Sonnenaufgang", "am Dienstag", "mit großer Sorgfalt", "zum dritten Mal", "im Regen", "endlich"),
        "und",
    ),
    "fr": (
        ("Le conseil", "Une pêcheuse", "Le train de nuit", "Mon voisin", "Le petit musée", "Personne", "Le ferry"),
        ("ouvre", "compte", "répare", "oublie", "regarde", "vend", "peint"),
        ("le vieux port", "sept ponts", "une boîte de lettres", "le toit de verre", "chaque fenêtre", "du sel"),
        ("avant le jour", "mardi", "avec soin", "pour la troisième fois", "sous la pluie", "enfin"),
        "et",
    ),
    "es": (
        ("El consejo", "Una pescadora", "El tren nocturno", "Mi vecino", "El museo pequeño", "Nadie", "El barco"),
        ("abre", "cuenta", "repara", "olvida", "mira", "vende", "pinta"),
        ("el puerto viejo", "siete puentes", "una caja de cartas", "el techo de vidrio", "cada ventana", "sal"),
        ("antes del alba", "el martes", "con mucho cuidado", "por tercera vez", "bajo la lluvia", "por fin"),
        "y",
    ),
    "it": (
        ("Il consiglio", "Una pescatrice", "Il treno notturno", "Il vicino", "Il piccolo museo", "Nessuno", "Il faro"),
        ("apre", "conta", "ripara", "dimentica", "guarda", "vende", "dipinge"),
        ("il vecchio porto", "sette ponti", "una scatola di lettere", "il tetto di vetro", "ogni finestra", "sale"),
        ("prima dell'alba", "martedì", "con molta cura", "per la terza volta", "sotto la pioggia", "alla fine"),
        "e",
    ),
}
"""By language: who, does, what, when, and the word that joins two clauses."""
SHORT = {
    "en": (
        "Yes.",
        "No.",
        "Stop!",
        "Psst.",
        "Six.",
        "Six sixths.",
        "Why?",
        "Tomorrow.",
        "Boom!",
        "A.",
        "Hush.",
        "Fish.",
    ),
    "de": (
        "Ja.",
        "Nein.",
        "Halt!",
        "Pst.",
        "Sechs.",
        "Zack!",
        "Warum?",
        "Morgen.",
        "Ach.",
        "Tisch.",
        "Still.",
        "Fisch.",
    ),
    "fr": ("Oui.", "Non.", "Stop !", "Chut.", "Six.", "Ah.", "Pourquoi ?", "Demain.", "Hop !", "Poisson.", "Tasse."),
    "es": ("Sí.", "No.", "¡Alto!", "Chis.", "Seis.", "Ah.", "¿Por qué?", "Mañana.", "¡Zas!", "Pez.", "Taza.", "Sol."),
    "it": ("Sì.", "No.", "Alt!", "Zitto.", "Sei.", "Ah.", "Perché?", "Domani.", "Ecco!", "Pesce.", "Tazza.", "Sole."),
}
"""One word: whispers, hisses and stops are what codecs do worst."""


def sentences(language: str, count: int, seed: int) -> list[str]:
    """`count` sentences: all the short ones first, then longer and longer ones in turn."""
    chance = random.Random(f"{language} {seed}")
    short = list(SHORT[language])
    longer = (_clauses(language, 1 + number % 4, chance) for number in range(max(0, count - len(short))))
    return [*short, *longer][:count]


def _clauses(language: str, clauses: int, chance: random.Random) -> str:
    who, does, what, when, joined_by = WORDS[language]

    def clause() -> str:
        return " ".join(_one(words, chance) for words in (who, does, what, when))

    text = f" {joined_by} ".join(clause() for _ in range(clauses))
    return text + chance.choice((".", ".", ".", "!", "?"))


def _one(words: Sequence[str], chance: random.Random) -> str:
    return words[chance.randrange(len(words))]
