"""Breakages of what fresh lines showed: sentence ends, letters, directions, powers, short forms by their place."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

TABLE = "tests/speakable/test_tables.py::test_written_is_spoken_as_the_table_says"
SENTENCES = "tests/speakable/test_sentences.py::test_sentences_end_where_they_end"
SPLITTER = "tts_service/speakable/sentences.py"
BREAKAGES = (
    Breakage(
        name="the mark of Yahoo! ends a sentence",
        file=SPLITTER,
        old='return not (marks == "!" and _goes_on(text, match, following, ends))',
        new="return True",
        test=SENTENCES,
    ),
    Breakage(
        name="a bracket behind a short form begins a sentence",
        file=SPLITTER,
        old='if text[match.end() : match.end() + 2].endswith("(") and _ASIDE.match(text, match.end()):',
        new="if False:",
        test=f"{TABLE}[en What fresh lines showed]",
    ),
    Breakage(
        name="a unit goes on before a capital",
        file=SPLITTER,
        old="if (dot.word in _SYMBOLS or bare in ends.closing_units) and _COUNT.search(head):",
        new="if False:",
        test=SENTENCES,
    ),
    Breakage(
        name="a short month never ends a sentence",
        file=SPLITTER,
        old="if bare in ends.months and (dot.before[:1].isdigit() or dot.before in ends.before_months):",
        new="if False:",
        test=SENTENCES,
    ),
    Breakage(
        name="the registered society never ends a sentence",
        file=SPLITTER,
        old="return (dot.opens if ends.nouns_are_capital else capital) if closed else None",
        new="return None",
        test=SENTENCES,
    ),
    Breakage(
        name="the letter A is an article",
        file="tts_service/values/speech.py",
        old="ipa = token.ipa or self._letter_name(token, position)",
        new="ipa = token.ipa",
        test="tests/speakable/test_letter_a.py",
    ),
    Breakage(
        name="every A is a letter",
        file="tts_service/values/speech.py",
        old="if name is None or not token.rules:",
        new="if name is None:",
        test="tests/speakable/test_letter_a.py",
    ),
    Breakage(
        name="an English wind blows in letters",
        file="tts_service/speakable/en/compass.py",
        old="if not (away or moves or beside or before.lower() in _WINDS or _ROAD.fullmatch(before)):",
        new="if True:",
        test=f"{TABLE}[en What fresh lines showed]",
    ),
    Breakage(
        name="years of prison forget their dative",
        file="tts_service/speakable/de/amounts.py",
        old='_DECLINED = listed("Monate Punkte Jahre Tage Fahrzeuge Spiele Mitglieder Jugendliche")',
        new='_DECLINED = listed("Monate Punkte")',
        test=f"{TABLE}[de Was frische Zeilen zeigten]",
    ),
    Breakage(
        name="a power of ten is two numbers",
        file="tts_service/speakable/romance/numbers.py",
        old="""return f"{tongue.say(match['number'])} {times} {ten}" if match["number"] else ten""",
        new="return None",
        test=f"{TABLE}[es Lo que mostraron l\\xedneas nuevas]",
    ),
    Breakage(
        name="a company's initial is a century",
        file="tts_service/speakable/romance/short_forms.py",
        old='if key == "S." and _INITIAL.match(match.string, match.end()):',
        new="if False:",
        test=f"{TABLE}[es Lo que mostraron l\\xedneas nuevas]",
    ),
    Breakage(
        name="an Italian year of prison has letters",
        file="tts_service/speakable/it/news.py",
        old='    yield rule("duration", "digit", both, term)\n',
        new="",
        test=f"{TABLE}[it Quello che mostrano righe nuove]",
    ),
    Breakage(
        name="a French quarter is a letter with a number",
        file="tts_service/speakable/fr/rules.py",
        old='if word_before(match).lower() not in ("au", "du", "dès"):',
        new="if True:",
        test=f"{TABLE}[fr Ce que montrent de nouvelles lignes]",
    ),
    Breakage(
        name="a sentence goes on behind an initial before a number of people",
        file="tts_service/speakable/sentences.py",
        old="    if _COUNTS.match(dot.following) and _ends_name(dot):",
        new="    if False and _ends_name(dot):",
        test="tests/speakable/test_sentences.py::test_sentences_end_where_they_end"
        "[en-Police spoke to Kevin B.|12 other people were held.]",
    ),
    Breakage(
        name="a short form in a bracket ends the sentence",
        file="tts_service/speakable/sentences.py",
        old="    return text[opened - 1].isspace() and text[:opened].rstrip()[-1:].isalnum()",
        new="    return False",
        test="tests/speakable/test_sentences.py::test_sentences_end_where_they_end"
        "[de-Das DRK (Kreisv. Hof) sucht Spender.|Es eilt.]",
    ),
)
