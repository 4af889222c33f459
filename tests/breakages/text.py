"""Breakages of text: SSML, sentences, tokens, directions, and what reaches an engine."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

UTTERANCES, TABLES, SSML = (
    "tests/speakable/test_utterances.py",
    "tests/speakable/test_tables.py",
    "tests/article/test_ssml.py",
)
TOKENS, DIRECTIONS = "tts_service/speakable/tokens.py", "tts_service/speakable/directions.py"

HANDED = "tests/speakable/test_handed_cases.py::test_the_handed_cases_are_right_but_for_those_that_are_listed"
BREAKAGES = (
    Breakage(
        name="a dash between words is no pause",
        file=TOKENS,
        old='("." if pause["ticker"] else ",") if pause["more"] else ""',
        new='"." if pause["ticker"] else ""',
        test=HANDED,
    ),
    Breakage(
        name="the first utterance is divided before the rules have read it",
        file="tts_service/speakable/opening.py",
        old="    if cut is None and len(words) > LONGEST:",
        new="    if cut is None:",
        test=HANDED,
    ),
    Breakage(
        name="an American place never ends a sentence",
        file="tts_service/speakable/sentences.py",
        old="not dot.opens and not _ends_abroad(dot)",
        new="not dot.opens",
        test=HANDED,
    ),
    Breakage(
        name="any noun behind a number with a dot makes it an ordinal",
        file="tts_service/speakable/sentences.py",
        old="ordinals.counts is None or ordinals.counts(next_word)",
        new="True",
        test=HANDED,
    ),
    Breakage(
        name="numbers of a list end sentences",
        file="tts_service/speakable/items.py",
        old="            out.add(place)",
        new="            out.add(-1)",
        test=HANDED,
    ),
    Breakage(
        name="stage directions are read aloud",
        file="tts_service/speakable/asides.py",
        old='    return "" if loud or',
        new="    return None if loud or",
        test=HANDED,
    ),
    Breakage(
        name="an unknown abbreviation ends a sentence",
        file="tts_service/speakable/sentences.py",
        old="(ends.consonants_alone and _has_no_vowel(dot.word))",
        new="False",
        test="tests/speakable/test_sentences.py::test_sentences_end_where_they_end",
    ),
    Breakage(
        name="a half of a unit is half a number",
        file="tts_service/speakable/romance/parts.py",
        old="said = parts.half(noun) if bottom == 2 else",
        new="said =",
        test=HANDED,
    ),
    Breakage(
        name="a verse of the Bible is a decimal",
        file="tts_service/speakable/de/rules.py",
        old="            bible_rule(),\n",
        new="",
        test=HANDED,
    ),
    Breakage(
        name="a Swiss amount without a currency is a bare number",
        file="tts_service/speakable/de/amounts.py",
        old='if not match["unit"] and not amounts.swiss:',
        new='if not match["unit"]:',
        test=f"{TABLES}::test_written_is_spoken_as_the_table_says",
    ),
    Breakage(
        name="foreign letters reach a voice that reads their number",
        file="tts_service/speakable/foreign_letters.py",
        old="return text if text.isascii() else",
        new="return text if text else",
        test="tests/speakable/test_foreign_letters.py",
    ),
    Breakage(
        name="a rule loses its span",
        file=TOKENS,
        old="            stop,\n            words_of_answer(said",
        new="            place + 1,\n            words_of_answer(said",
        test=f"{TABLES}::test_a_rule_that_merges_words_gives_one_token_over_all_of_them",
    ),
    Breakage(
        name="bidi controls are kept",
        file="tts_service/article/clean.py",
        old="\\u202a-\\u202e",
        new="",
        test="tests/article/test_blocks.py::test_invisible_characters_are_dropped_and_counted",
    ),
    Breakage(
        name="dots reach the engine as they stand",
        file=TOKENS,
        old='last.after = last.after[:-1] + "…"',
        new='last.after += "."',
        test=f"{UTTERANCES}::test_marks_reach_the_engine_as_it_can_take_them",
    ),
    Breakage(
        name="a long word stays whole",
        file=TOKENS,
        old="            out += _divided(part)",
        new="            out.append(part)",
        test=f"{UTTERANCES}::test_a_mark_stays_with_its_letter_when_a_long_word_is_divided",
    ),
    Breakage(
        name="an article's editors are not heard",
        file="tts_service/speakable/readings.py",
        old="    return tuple(sorted([*own, *free],",
        new="    return tuple(sorted(found,",
        test=f"{UTTERANCES}::test_what_an_editor_marks_stands_above_the_lexicon",
    ),
    Breakage(
        name="a sentence ends within a name",
        file="tts_service/speakable/readings.py",
        old="any(r.start < out[-1][1] < r.end or r.start < start < r.end for r in readings)",
        new="not readings",
        test=f"{UTTERANCES}::test_no_sentence_ends_within_what_the_lexicon_reads",
    ),
    Breakage(
        name="a table is read cell by cell",
        file="tts_service/speakable/utterances.py",
        old="if block.announcement else",
        new="if block.announcement == '' else",
        test=f"{UTTERANCES}::test_an_announcement_is_said_instead_of_the_text",
    ),
    Breakage(
        name="a break is not kept",
        file=DIRECTIONS,
        old="if d.break_ms is not None}",
        new="if d.break_ms == -1}",
        test=f"{SSML}::test_breaks_and_sentences_and_speeds_divide",
    ),
    Breakage(
        name="a speed spreads over the whole paragraph",
        file=DIRECTIONS,
        old="        if direction.start <= start and end <= direction.end:",
        new="        if direction.start <= end:",
        test=f"{UTTERANCES}::test_breaks_speeds_and_languages_divide_a_sentence",
    ),
    Breakage(
        name="SSML takes a document type",
        file="tts_service/article/ssml.py",
        old="        self.parser.StartDoctypeDeclHandler = self._doctype\n",
        new="",
        test=f"{SSML}::test_entities_never_grow",
    ),
    Breakage(
        name="a sentence never ends behind p.m.",
        file="tts_service/speakable/sentences.py",
        old="    if bare in _CLOCK:",
        new="    if not bare:",
        test="tests/speakable/test_sentences.py::test_sentences_end_where_they_end",
    ),
    Breakage(
        name="the rule that stands first in its stage wins",
        file=TOKENS,
        old="match is not None and match.end() > stop and",
        new="match is None and",
        test="tests/speakable/test_stages.py::test_within_a_stage_the_longest_match_decides",
    ),
    Breakage(
        name="a later stage takes what an earlier one has read",
        file=TOKENS,
        old="            if rival.stage is not stage:\n                break\n",
        new="",
        test="tests/speakable/test_stages.py::test_an_earlier_stage_decides_however_long_the_later_match",
    ),
    Breakage(
        name="a country forgets what it does otherwise",
        file="tts_service/speakable/language.py",
        old="traits=variety.traits,",
        new="traits=found.traits,",
        test="tests/speakable/test_language.py::test_a_country_has_its_own_traits",
    ),
)
