"""Generates listeners' reports with known truth: articles in several revisions, what readers misheard, what they sent.

Written from how people report, before and apart from the rules that gather reports into cases: they tap the word, its
neighbour or only the sentence; say nothing, name the word, misspell it or respell it; choose an odd category; and
hear different revisions of an article.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_BARE = re.compile(r"^[^\w£€$]+|[^\w%]+$")
_VOWELS = "aeiouy"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeRevision:
    """One revision of a made article: its blocks, of which some are skipped."""

    blocks: tuple[tuple[str, ...], ...]
    """The sentences of each block."""
    skipped: frozenset[int] = frozenset()
    """Blocks that are not spoken."""

    def spoken(self) -> list[tuple[int, str]]:
        """(block, sentence) in spoken order."""
        return [(at, one) for at, block in enumerate(self.blocks) if at not in self.skipped for one in block]


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeArticle:
    """An article in all its revisions."""

    name: str
    site: str
    language: str
    revisions: tuple[MadeRevision, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeReport:
    """What a listener sends, and what they really mean."""

    article: str
    revision: int
    """From 1."""
    sentence: int
    """Position among the spoken sentences of the revision."""
    word: int | None
    """Index of the tapped word in the sentence; None: only the sentence."""
    category: str
    comment: str
    truth: str
    """Equal for reports that mean the same thing."""
    how: str
    """How it was reported, for a table of what went wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    word: str
    sentences: tuple[str, ...]
    category: str = "pronunciation"
    said: str = ""
    """How a listener respells it."""
    forms: tuple[str, ...] = ()
    """Other forms that stand in the sentences, for example the genitive."""


def _subject(word: str, *sentences: str, category: str = "pronunciation", said: str = "", forms: str = "") -> _Subject:
    return _Subject(word=word, sentences=sentences, category=category, said=said, forms=tuple(forms.split()))


_ENGLISH = (
    _subject(
        "Holyrood",
        "The parliament at Holyrood voted for the budget on Tuesday.",
        "Ministers left Holyrood shortly after midnight.",
        "Critics say Holyrood's plan for the ferries is too late.",
        said="HOLLY-rood",
        forms="Holyrood's",
    ),
    _subject(
        "Elmsworth",
        "The harbour town of Elmsworth opened its new bridge.",
        "Buses between Elmsworth and the coast stop at nine.",
        "Residents of Elmsworth had waited for ten years.",
        said="ELMS-wuth",
    ),
    _subject(
        "Kirkcudbright",
        "Painters have come to Kirkcudbright since the last century.",
        "The museum in Kirkcudbright closes for the winter.",
        said="kir-COO-bree",
    ),
    _subject(
        "Milngavie",
        "Trains to Milngavie were cancelled after the storm.",
        "A school in Milngavie won the national prize.",
        said="mull-GUY",
    ),
    _subject(
        "Siobhan",
        "The report by Siobhan Farrell names three companies.",
        "Later that day Siobhan told the inquiry what she saw.",
        said="shi-VAWN",
    ),
    _subject(
        "Niamh",
        "Her colleague Niamh Doyle drove the second car.",
        "For Niamh the decision came as no surprise.",
        said="neev",
    ),
    _subject(
        "Nguyen",
        "The violinist Nguyen played without a break.",
        "Judges praised Nguyen for a brave performance.",
        said="win",
    ),
    _subject(
        "Cholmondeley",
        "The estate of Lord Cholmondeley is open to visitors.",
        "A spokesman for Cholmondeley declined to comment.",
        said="CHUM-ley",
    ),
    _subject(
        "Szczecin",
        "The ship left Szczecin with a cargo of grain.",
        "Engineers from Szczecin inspected the hull.",
        said="SHCHE-cheen",
    ),
    _subject(
        "Ouagadougou",
        "The summit in Ouagadougou ended without a treaty.",
        "Flights from Ouagadougou were delayed again.",
        said="wah-ga-DOO-goo",
    ),
    _subject(
        "Worcester",
        "The river rose quickly near Worcester Cathedral.",
        "He moved to Worcester in 2019.",
        said="WUSS-ter",
    ),
    _subject(
        "Leicester",
        "Fans in Leicester sang until the morning.",
        "She studied law at Leicester University.",
        said="LESS-ter",
    ),
    _subject(
        "Macron",
        "President Macron called the vote a mistake.",
        "Before the talks Macron met union leaders.",
        said="ma-KRON",
    ),
    _subject("Xiaomi", "The phone maker Xiaomi cut its prices.", "Shares in Xiaomi fell by a tenth.", said="SHOW-me"),
    _subject(
        "Reykjavik",
        "Snow closed the airport of Reykjavik for a day.",
        "The trawler reached Reykjavik at dawn.",
        said="RAKE-ya-vik",
    ),
    _subject("NHS", "Waiting lists of the NHS grew again.", "Doctors at the NHS will strike in March.", said="N H S"),
    _subject("MEPs", "More than forty MEPs signed the letter.", "Most MEPs oppose the new quota.", said="M E Peas"),
    _subject(
        "wound", "The bandage was wound twice around the arm.", "They wound the old clock every week.", said="WOWND"
    ),
    _subject("bow", "She stood in the bow of the boat.", "Water came over the bow twice.", said="BOW as in cow"),
    _subject("1,250", "The city counted 1,250 new trees last year.", "Only 1,250 tickets are left.", category="number"),
    _subject(
        "7-6", "He won the second set 7-6 after two hours.", "The match ended 7-6 in the rain.", category="number"
    ),
    _subject(
        "£3.5m", "Repairs will cost £3.5m over five years.", "The club paid £3.5m for the striker.", category="number"
    ),
    _subject("12/3", "The hearing begins on 12/3 in Leeds.", "Votes are due by 12/3 at noon.", category="number"),
)
_GERMAN = (
    _subject(
        "Müller",
        "Der Trainer Müller lobte seine Mannschaft.",
        "Am Abend kritisierte Müller den Schiedsrichter.",
        "Die Mutter Müllers kam aus Polen.",
        said="Mühler",
        forms="Müllers",
    ),
    _subject(
        "Beauvoir",
        "Das Haus von Beauvoir steht am Seeufer.",
        "Leser entdecken Beauvoir gerade neu.",
        "Eine Ausgabe Beauvoirs kostet vierzig Euro.",
        said="Bowoar",
        forms="Beauvoirs",
    ),
    _subject(
        "Gruyères",
        "Der Käse aus Gruyères gewann einen Preis.",
        "Viele Gäste fahren nach Gruyères zum Schloss.",
        said="Grüjähr",
    ),
    _subject("Soest", "In Soest begann gestern die Kirmes.", "Der Zug nach Soest fiel aus.", said="Soost"),
    _subject(
        "Itzehoe", "Das Gericht in Itzehoe vertagte den Prozess.", "Bei Itzehoe brannte eine Scheune.", said="Itzehoo"
    ),
    _subject(
        "Huawei", "Der Konzern Huawei liefert die Technik.", "Ohne Huawei dauert der Ausbau länger.", said="Hua-wei"
    ),
    _subject(
        "modern", "Im feuchten Keller modern die alten Akten.", "Die Balken modern seit vielen Jahren.", said="MOdern"
    ),
    _subject("AfD", "Die Fraktion der AfD verließ den Saal.", "Gegen die AfD stimmten alle anderen.", said="A F D"),
    _subject(
        "3:2", "Der Verein siegte am Ende 3:2 gegen Bremen.", "Nach dem 3:2 jubelten die Fans.", category="number"
    ),
    _subject(
        "1.500", "Rund 1.500 Menschen kamen zum Markt.", "Die Stadt zahlt 1.500 Euro pro Kind.", category="number"
    ),
)
_FILLERS = {
    "en": (
        "The weather stayed dry for most of the week.",
        "Nobody was hurt.",
        "A decision is expected before the summer.",
        "The opposition asked for more time.",
        "Traffic starts tomorrow and cyclists may use the northern lane.",
        "Neighbours brought tea and blankets to the hall.",
        "It was the third meeting this year.",
        "Police closed two roads near the station.",
    ),
    "de": (
        "Verletzt wurde niemand.",
        "Eine Entscheidung fällt erst nach den Ferien.",
        "Die Polizei sperrte zwei Straßen am Bahnhof.",
        "Das Wetter blieb die ganze Woche trocken.",
        "Es war bereits das dritte Treffen in diesem Jahr.",
        "Nachbarn brachten Tee und Decken in die Halle.",
    ),
}
_BOXES = {
    "en": (("Sign up for our morning letter.", "It brings the news of the region to you by seven."),),
    "de": (("Abonnieren Sie unseren Brief am Morgen.", "Er bringt die Nachrichten der Region bis sieben Uhr."),),
}
"""Furniture that was spoken by mistake, in several articles of a site."""
_SKIPPED = {
    "en": (
        ("The ferry to the island runs twice a day.", "It takes forty minutes."),
        ("Photo caption about the lighthouse keeper and his dog.",),
        ("Tickets for the concert cost nine pounds.",),
    ),
    "de": (("Die Fähre zur Insel verkehrt zweimal am Tag.",), ("Karten für das Konzert kosten neun Euro.",)),
}
"""Passages that were left out."""
_TALK = {
    "en": (
        "wrong stress",
        "This is mispronounced",
        "the name is read wrongly",
        "sounds odd",
        "The town is pronounced differently",
        "please fix",
    ),
    "de": ("falsch betont", "Das wird falsch ausgesprochen", "der Name ist falsch", "klingt komisch", "bitte ändern"),
}
_NAMING = {
    "en": (
        "{w} is pronounced wrongly",
        "It should be different: {w}",
        "{w}",
        "You say {w} wrong, it hurts",
        "how can a paper misread {w}?",
    ),
    "de": ("{w} wird falsch ausgesprochen", "{w} klingt falsch", "{w}", "Der Name {w} ist falsch gelesen"),
}
_RESPELLING = {"en": ("should be {s}", "it's {s}", "We say {s} here"), "de": ("richtig wäre {s}", "man sagt {s}")}
_NOISE = {"en": ("there is a crackle", "noise", "the sound jumps here", ""), "de": ("es knackt", "Rauschen", "")}
_GONE = {
    "en": (
        "a paragraph is missing",
        "Something was left out here",
        "",
        "the part about {w} is missing",
        "{q} is in the text but not read",
    ),
    "de": ("ein Absatz fehlt", "", "der Teil über {w} fehlt", "{q} wird nicht vorgelesen"),
}
_TOO_MUCH = {
    "en": ("this isn't part of the article", "advert", "", "why is this read?"),
    "de": ("gehört nicht zum Artikel", "Werbung", ""),
}
_WHOLE = {
    "en": ("far too fast", "The voice is tiring", "I prefer a human reader"),
    "de": ("viel zu schnell", "Die Stimme ist anstrengend"),
}


def words_of(sentence: str) -> list[str]:
    """The written words of a sentence without the marks around them."""
    return [_BARE.sub("", word) for word in sentence.split()]


@dataclass(slots=True)
class _Press:
    """Everything that is made, by one random source."""

    chance: random.Random
    articles: list[MadeArticle] = field(default_factory=list)

    def article(self, number: int, site: str, language: str, subjects: Sequence[_Subject]) -> MadeArticle:
        pick = self.chance
        fillers = list(_FILLERS[language])
        pick.shuffle(fillers)
        told = [pick.choice(subject.sentences) for subject in subjects]
        body = told + fillers[:3]
        pick.shuffle(body)
        middle = len(body) // 2
        blocks: list[tuple[str, ...]] = [tuple(body[:middle]), tuple(body[middle:])]
        skipped: frozenset[int] = frozenset()
        if number % 3 == 0:
            blocks.insert(1, pick.choice(_SKIPPED[language]))
            skipped = frozenset([1])
        elif number % 3 == 1:
            blocks.append(pick.choice(_BOXES[language]))
        first = MadeRevision(blocks=tuple(blocks), skipped=skipped)
        revisions = [first]
        for _ in range(pick.choice((0, 1, 1, 2))):
            revisions.append(self._edited(revisions[-1], fillers))
        made = MadeArticle(name=f"{site}-{number}", site=site, language=language, revisions=tuple(revisions))
        self.articles.append(made)
        return made

    def _edited(self, before: MadeRevision, fillers: list[str]) -> MadeRevision:
        """An update: a sentence comes first, and one of the others gets a word more."""
        blocks = [list(block) for block in before.blocks]
        blocks[0].insert(0, self.chance.choice(fillers))
        spoken = [at for at in range(len(blocks)) if at not in before.skipped]
        block = blocks[self.chance.choice(spoken[:1] if len(spoken) == 1 else spoken[:2])]
        at = self.chance.randrange(len(block))
        words = block[at].split()
        words[-1] = words[-1].rstrip(".") + self.chance.choice((" again.", " today.", " too."))
        block[at] = " ".join(words)
        return MadeRevision(blocks=tuple(tuple(one) for one in blocks), skipped=before.skipped)


def made_world(seed: int = 11, count: int = 500) -> tuple[list[MadeArticle], list[MadeReport]]:
    """Articles of two sites, and so many reports about them in the order in which they arrive."""
    press = _Press(random.Random(seed))
    chance = press.chance
    for site, language, subjects, number in (("gazette", "en", _ENGLISH, 30), ("tagblatt", "de", _GERMAN, 15)):
        for at in range(number):
            press.article(at, site, language, chance.sample(subjects, 4))
    reports = [_report(chance, press.articles) for _ in range(count)]
    return press.articles, reports


def _report(chance: random.Random, articles: Sequence[MadeArticle]) -> MadeReport:
    # Some articles are listened to much more than others.
    article = (
        articles[min(int(chance.expovariate(1 / 12)), len(articles) - 1)]
        if chance.random() < 0.7
        else chance.choice(articles)
    )
    revision = chance.randrange(len(article.revisions))
    what = chance.random()
    made = article.revisions[revision]
    if what < 0.06 and made.skipped:
        return _missing(chance, article, revision)
    if what < 0.11 and len(made.blocks) > 2 and not made.skipped:
        return _extra(chance, article, revision)
    if what < 0.16:
        return _noise(chance, article, revision)
    if what < 0.19:
        return _about_all(chance, article, revision)
    return _misread(chance, article, revision)


def _misread(chance: random.Random, article: MadeArticle, revision: int) -> MadeReport:
    subjects = _ENGLISH if article.language == "en" else _GERMAN
    spoken = article.revisions[revision].spoken()
    found = [
        (at, place, subject)
        for at, (_, sentence) in enumerate(spoken)
        for place, word in enumerate(words_of(sentence))
        for subject in subjects
        if word == subject.word or word in subject.forms
    ]
    weights = [1 / (1 + subjects.index(subject)) for _, _, subject in found]
    at, place, subject = chance.choices(found, weights)[0]
    words = words_of(spoken[at][1])
    tap, how = _tap(chance, place, len(words))
    comment, said = _comment(chance, article.language, subject, words[place], silent=0.35 if tap is not None else 0.2)
    odd = chance.random()
    category = "other" if odd < 0.03 else "sound" if odd < 0.05 else subject.category
    if subject.category == "number" and chance.random() < 0.2:
        category = "pronunciation"
    return MadeReport(
        article=article.name,
        revision=revision + 1,
        sentence=at,
        word=tap,
        category=category,
        comment=comment,
        truth=f"{article.site} word {subject.word}",
        how=f"{how}, {said}",
    )


def _tap(chance: random.Random, place: int, count: int) -> tuple[int | None, str]:
    what = chance.random()
    if what < 0.68:
        return place, "the word"
    if what < 0.85:
        beside = place + chance.choice((-1, 1))
        return (beside if 0 <= beside < count else place), "its neighbour"
    return None, "the sentence"


def _comment(chance: random.Random, language: str, subject: _Subject, word: str, *, silent: float) -> tuple[str, str]:
    if chance.random() < silent:
        return "", "nothing said"
    what = chance.random()
    if what < 0.4:
        return chance.choice(_NAMING[language]).format(w=word), "named"
    if what < 0.65:
        return chance.choice(_NAMING[language]).format(w=_mistyped(chance, word)), "misspelt"
    if what < 0.8 and subject.said:
        return chance.choice(_RESPELLING[language]).format(s=subject.said), "respelt"
    return chance.choice(_TALK[language]), "not named"


def _mistyped(chance: random.Random, word: str) -> str:
    """As people type what they have only heard: one or two slips."""
    if len(word) < 4 or not word.isalpha():
        return word.lower()
    typed = word
    for _ in range(1 if len(word) < 7 else chance.choice((1, 1, 2))):
        at = chance.randrange(1, len(typed))
        what = chance.random()
        if what < 0.3:
            typed = typed[:at] + typed[at + 1 :]
        elif what < 0.5:
            typed = typed[:at] + typed[at] + typed[at:]
        elif what < 0.7 and at + 1 < len(typed):
            typed = typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :]
        else:
            vowel = next((i for i in range(at, len(typed)) if typed[i] in _VOWELS), None)
            typed = typed if vowel is None else typed[:vowel] + chance.choice(_VOWELS) + typed[vowel + 1 :]
    typed = typed.replace("oo", "u") if chance.random() < 0.2 else typed
    return typed.lower() if chance.random() < 0.4 else typed


def _missing(chance: random.Random, article: MadeArticle, revision: int) -> MadeReport:
    """A passage that was left out: the listener stops at the last sentence before it, or at the first behind."""
    made = article.revisions[revision]
    block = min(made.skipped)
    spoken = made.spoken()
    before = max(at for at, (where, _) in enumerate(spoken) if where < block)
    at = before if chance.random() < 0.7 else before + 1
    words = words_of(spoken[at][1])
    passage = made.blocks[block][0]
    naming = max(words_of(passage), key=len)
    quoted = " ".join(passage.split()[:5])
    comment = chance.choice(_GONE[article.language]).format(w=naming, q=f"“{quoted}”")
    tap = None if chance.random() < 0.6 else (len(words) - 1 if at == before else 0)
    return _made(article, revision, at, tap, "missing", comment, f"missing {passage}", "a missing passage")


def _extra(chance: random.Random, article: MadeArticle, revision: int) -> MadeReport:
    made = article.revisions[revision]
    spoken = made.spoken()
    last = len(made.blocks) - 1
    at = chance.choice([at for at, (where, _) in enumerate(spoken) if where == last])
    tap = None if chance.random() < 0.7 else chance.randrange(len(spoken[at][1].split()))
    comment = chance.choice(_TOO_MUCH[article.language])
    return _made(article, revision, at, tap, "extra", comment, f"extra {made.blocks[last][0]}", "a superfluous passage")


def _noise(chance: random.Random, article: MadeArticle, revision: int) -> MadeReport:
    """A fault of the sound: in a few sentences of the article only. Everybody taps what they hear at that moment."""
    first = article.revisions[0].spoken()
    _, sentence = first[len(first) // 3]
    spoken = article.revisions[revision].spoken()
    stem = sentence.rstrip(".")
    at = next(at for at, (_, one) in enumerate(spoken) if one.startswith(stem))
    tap = None if chance.random() < 0.7 else chance.randrange(len(spoken[at][1].split()))
    comment = chance.choice(_NOISE[article.language])
    # The same sentence by the same voice is the same sound, in whichever article it stands.
    return _made(article, revision, at, tap, "sound", comment, f"sound {stem}", "a fault of the sound")


def _about_all(chance: random.Random, article: MadeArticle, revision: int) -> MadeReport:
    at = chance.randrange(len(article.revisions[revision].spoken()))
    comment = chance.choice(_WHOLE[article.language])
    return _made(article, revision, at, None, "other", comment, f"all of {article.name}", "the whole clip")


def _made(
    article: MadeArticle, revision: int, at: int, tap: int | None, category: str, comment: str, truth: str, how: str
) -> MadeReport:
    return MadeReport(
        article=article.name,
        revision=revision + 1,
        sentence=at,
        word=tap,
        category=category,
        comment=comment,
        truth=f"{article.site} {truth}",
        how=how,
    )
