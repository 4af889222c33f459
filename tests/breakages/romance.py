"""Breakages of French, Spanish and Italian text normalisation."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

BREAKAGES = (
    Breakage(
        name="the noun's gender is forgotten",
        file="tts_service/speakable/fr/numbers.py",
        old='    if form == "f":\n',
        new="    if not form:\n",
        test="tests/speakable/test_tables.py::test_written_is_spoken_as_the_table_says",
    ),
    Breakage(
        name="a million of something loses its preposition",
        file="tts_service/speakable/romance/amounts.py",
        old='{self.of(noun) if self.takes_of.search(said) else noun}"',
        new='{noun}"',
        test="tests/speakable/test_tables.py::test_written_is_spoken_as_the_table_says",
    ),
    Breakage(
        name="an elision hides the acronym behind it",
        file="tts_service/speakable/fr/rules.py",
        old=", elided=_ELIDED)",
        new=")",
        test="tests/speakable/test_romance.py::test_what_is_glued_to_a_word_stays_with_what_is_said_for_it",
    ),
    Breakage(
        name="Spanish one keeps its o before mil",
        file="tts_service/speakable/es/numbers.py",
        old='return "veintiún" if one[1] else "un"',
        new="return one.group()",
        test="tests/speakable/test_tables.py::test_written_is_spoken_as_the_table_says",
    ),
    Breakage(
        name="a day becomes a fraction",
        file="tts_service/speakable/romance/times.py",
        old="word_before(match).lower() not in calendar.before_day",
        new="True",
        test="tests/speakable/test_tables.py::test_written_is_spoken_as_the_table_says",
    ),
    Breakage(
        name="America's decimal point groups thousands",
        file="tts_service/speakable/es/rules.py",
        old='grouping="," if american else "."',
        new='grouping="."',
        test="tests/speakable/test_romance.py::test_countries_count_in_their_own_way",
    ),
    Breakage(
        name="an abbreviation that needs its space can't be looked up",
        file="tts_service/speakable/romance/short_forms.py",
        old='{re.sub(f"[{SPACES}]", "", key): said for',
        new="{key: said for",
        test="tests/speakable/test_tables.py::test_written_is_spoken_as_the_table_says",
    ),
    Breakage(
        name="a sentence ends inside dell'art. 530",
        file="tts_service/speakable/sentences.py",
        old="[^\\W\\d_]{1,6}['’]",
        new="[^\\W\\d_]['’]",
        test="tests/speakable/test_sentences.py::test_sentences_end_where_they_end",
    ),
    Breakage(
        name="an Italian result is a range",
        file="tts_service/speakable/it/rules.py",
        old="(*score_rules(tongue), result_rule(tongue), half_rule())",
        new="(*score_rules(tongue), half_rule())",
        test="tests/speakable/test_tables.py::test_written_is_spoken_as_the_table_says",
    ),
    Breakage(
        name="an Italian minute of a match is a duration",
        file="tts_service/speakable/it/scores.py",
        old="if not of_match and",
        new="if",
        test="tests/speakable/test_tables.py::test_written_is_spoken_as_the_table_says",
    ),
    Breakage(
        name="an emergency number counts hectares",
        file="tts_service/speakable/romance/amounts.py",
        old="if self.is_word(match):",
        new="if False:",
        test="tests/speakable/test_tables.py::test_written_is_spoken_as_the_table_says",
    ),
    Breakage(
        name="a tie-break divides the sets of a match",
        file="tts_service/speakable/romance/numbers.py",
        old='_TIE_BREAK = r"(?: ?\\(\\d{1,2}(?:[-/]\\d{1,2})?\\))?"',
        new='_TIE_BREAK = ""',
        test="tests/speakable/test_tables.py::test_written_is_spoken_as_the_table_says",
    ),
    Breakage(
        name="Sunday isn't next to Saturday",
        file="tts_service/speakable/romance/times.py",
        old="if not (sure or head or neighbour_behind",
        new="if not (sure or neighbour_behind",
        test="tests/speakable/test_tables.py::test_written_is_spoken_as_the_table_says",
    ),
    Breakage(
        name="two decimals follow each other",
        file="tts_service/speakable/it/amounts.py",
        old='if "," not in match["number"] + match["until"] or',
        new="if",
        test="tests/speakable/test_tables.py::test_written_is_spoken_as_the_table_says",
    ),
)
