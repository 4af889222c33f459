"""Breakages of English text normalisation."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

TABLES, PROPERTIES = "tests/speakable/test_tables.py", "tests/speakable/test_properties.py"
BREAKAGES = (
    Breakage(
        name="American dates everywhere",
        file="tts_service/speakable/en/dates.py",
        old="day_first = (not self.american or",
        new="day_first = (",
        test=f"{TABLES}::test_british_english_differs_where_it_does",
    ),
    Breakage(
        name="a range is read as a score",
        file="tts_service/speakable/en/scores.py",
        old="        if first < second and not _of_team(match) and not _rising(match, near):\n"
        "            return None\n",
        new="",
        test=f"{TABLES}::test_written_is_spoken_as_the_table_says",
    ),
    Breakage(
        name="a dollar before a noun has its plural",
        file="tts_service/speakable/amounts.py",
        old=" or self.is_adjective(match):",
        new=":",
        test=f"{TABLES}::test_written_is_spoken_as_the_table_says",
    ),
    Breakage(
        name="emoji are dropped though the site wants them named",
        file="tts_service/speakable/emojis.py",
        old='    if policy == "dropped":',
        new="    if True:",
        test=f"{TABLES}::test_emoji_are_one_token_named_or_left_out",
    ),
    Breakage(
        name="digits that no rule reads reach the voice",
        file="tts_service/speakable/tokens.py",
        old="said = _with_numbers(written, language)",
        new="said = written",
        test=f"{PROPERTIES}::test_only_letters_are_said",
    ),
    Breakage(
        name="endless digits are said as one number",
        file="tts_service/speakable/amounts.py",
        old='    yield rule("digits", "digit", r"\\d{31,}(?!\\w)", digits)\n',
        new="",
        test=f"{PROPERTIES}::test_endless_digits_are_read_one_by_one",
    ),
    Breakage(
        name="a possessive falls off what a rule has read",
        file="tts_service/speakable/tokens.py",
        old="            _with_possessive(text, end, found)\n",
        new="            pass\n",
        test=f"{TABLES}::test_written_is_spoken_as_the_table_says",
    ),
    Breakage(
        name="an initial is seen at the end of a spelt word",
        file="tts_service/speakable/letters.py",
        old="return None if len(before) == 1 and before.isupper() else match.group()[0]",
        new="return match.group()[0]",
        test=f"{TABLES}::test_what_was_said_stays_as_it_is",
    ),
)
