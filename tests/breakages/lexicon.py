"""Breakages of the lexicon: finding, PLS, IPA, keeping."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

LEXICON, PLS, IPA, KEPT = (
    "tests/newsroom/test_lexicon.py",
    "tests/newsroom/test_pls.py",
    "tests/engines/test_ipa.py",
    "tests/newsroom/test_lexicon_kept.py",
)
BASE = "tests/speakable/test_base_lexicon.py"
BREAKAGES = (
    Breakage(
        name="the base lexicon overrides the newsroom's",
        file="tts_service/speakable/base_lexicon.py",
        old="settled(lexicon.readings(block.text, block.language), base_readings(block.text, block.language))",
        new="settled(base_readings(block.text, block.language), lexicon.readings(block.text, block.language))",
        test=f"{BASE}::test_the_newsrooms_lexicon_stands_above",
    ),
    Breakage(
        name="a name's words share one place",
        file="tts_service/speakable/base_lexicon.py",
        old="    if len(words) < 2 or",
        new="    if len(words) < 20 or",
        test=f"{BASE}::test_each_word_of_a_name_keeps_its_place",
    ),
    Breakage(
        name="rules are blind to the name behind them",
        file="tts_service/speakable/tokens.py",
        old="        match = best.pattern.match(text, place, seen)",
        new="        match = best.pattern.match(text, place, end)",
        test=f"{BASE}::test_rules_see_the_name_behind_them",
    ),
    Breakage(
        name="lexicon ignores scope",
        file="tts_service/speakable/lexicon.py",
        old="        order = (-SCOPES.index(lexeme.scope), -own",
        new="        order = (0, -own",
        test=f"{LEXICON}::test_the_narrower_scope_wins_at_equal_length",
    ),
    Breakage(
        name="lexicon ignores case",
        file="tts_service/speakable/lexicon.py",
        old="branch, node = index.exact if lexeme.case_sensitive else index.folded, _Node()",
        new="branch, node = index.folded, _Node()",
        test=f"{LEXICON}::test_case_counts_unless_said_otherwise",
    ),
    Breakage(
        name="longest match off",
        file="tts_service/speakable/lexicon.py",
        old="key=lambda found: (found[0] - found[1], found[2].order)",
        new="key=lambda found: (found[1] - found[0], found[2].order)",
        test=f"{LEXICON}::test_the_longest_match_is_taken",
    ),
    Breakage(
        name="parts of words are found",
        file="tts_service/speakable/lexeme.py",
        old='re.compile(rf"(?:[^\\W_]+(?:(?=[\\u0300-\\U000e01ef])[{marks}]+)?)+")',
        new='re.compile(r"[^\\W_]+")',
        test=f"{LEXICON}::test_whole_words_by_unicode",
    ),
    Breakage(
        name="names are found in addresses",
        file="tts_service/speakable/lexicon.py",
        old='    return not _IN_ADDRESS.search("".join((*left, " ", *right)))',
        new="    return True",
        test=f"{LEXICON}::test_addresses_are_left_alone",
    ),
    Breakage(
        name="PLS takes a document type",
        file="tts_service/speakable/pls.py",
        old="        self.parser.StartDoctypeDeclHandler = self._doctype\n",
        new="",
        test=f"{PLS}::test_a_document_type_is_refused_before_it_is_read",
    ),
    Breakage(
        name="an article's entries hold for every article",
        file="tts_service/newsroom/lexicon.py",
        old="or_(row.scope == Scope.SITE, row.article == external_id)",
        new="or_(row.scope == Scope.SITE, row.scope == Scope.ARTICLE)",
        test=f"{KEPT}::test_an_article_has_its_own_entries_its_sites_and_everybodys",
    ),
    Breakage(
        name="an unknown IPA symbol is taken",
        file="tts_service/engines/pronunciation/ipa_check.py",
        old="            if read is None or read.unknown or not read.sounds:",
        new="            if read is None:",
        test=f"{IPA}::test_a_symbol_that_no_voice_knows_is_refused_by_name",
    ),
    Breakage(
        name="a text's brackets reach espeak-ng",
        file="tts_service/engines/espeak.py",
        old="        return word.text.translate(_NO_BRACKETS)",
        new="        return word.text",
        test=f"{IPA}::test_nobody_writes_espeaks_notation_but_the_table",
    ),
    Breakage(
        name="stress stays before the consonants",
        file="tts_service/engines/pronunciation/ipa.py",
        old="out += [mark, sound] if mark and is_vowel(sound) else [sound]",
        new="out += [mark, sound] if mark else [sound]",
        test=f"{IPA}::test_a_pronunciation_becomes_the_sounds_of_the_voice",
    ),
    Breakage(
        name="a rehearsed import is kept",
        file="tts_service/newsroom/pls.py",
        old="    if taking.dry_run:",
        new="    if taking.author is None:",
        test=f"{KEPT}::test_a_rehearsal_keeps_nothing",
    ),
    Breakage(
        name="a site's key sees other sites' entries",
        file="tts_service/newsroom/lexicon_search.py",
        old="    if wanted.only_sites is not None:",
        new="    if wanted.only_sites == ():",
        test=f"{KEPT}::test_a_sites_key_changes_that_site_alone_and_sees_what_holds_for_all",
    ),
)
