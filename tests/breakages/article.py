"""Breakages of reading an article: pages, policy, the account."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

ARTICLE = "tests/article/test_"
BREAKAGES = (
    Breakage(
        name="a caption is skipped without saying why",
        file="tts_service/article/treatment.py",
        old='        return item.kind.value.replace("_", " "), None',
        new='        return "", None',
        test=f"{ARTICLE}policy.py::test_captions_can_be_spoken_and_are_not_said_twice",
    ),
    Breakage(
        name="text that the parser drops goes unnoticed",
        file="tts_service/article/loss.py",
        old="    missing = _letters(walked) - found\n",
        new='    missing = _letters("") - found\n',
        test=f"{ARTICLE}account.py::test_text_that_a_parser_drops_is_reported",
    ),
    Breakage(
        name="an alias begins a space too early",
        file="tts_service/article/places.py",
        old="    placed = [(starts[moved[start]],",
        new="    placed = [(ends[moved[start]],",
        test=f"{ARTICLE}places.py::test_an_alias_lies_over_exactly_its_elements_characters",
    ),
    Breakage(
        name="a quote's language is guessed without being sure",
        file="tts_service/article/language.py",
        old="    return best if best != own and found[best] >= SURE and found.get(own, 0.0) <= UNLIKELY else None",
        new="    return best if best != own else None",
        test=f"{ARTICLE}language.py::test_what_is_unknown_stays_with_the_articles_language",
    ),
    Breakage(
        name="teaser cards beside the article are read",
        file="tts_service/article/cards.py",
        old="    return len(free) <= TEASER and",
        new="    return len(free) <= 0 and",
        test=f"{ARTICLE}pages.py::test_teaser_cards_and_forms_around_and_amid_the_text_are_left_out",
    ),
    Breakage(
        name="an announced table counts as spoken text",
        file="tts_service/article/account.py",
        old="    as_text = block.spoken and block.announcement is None",
        new="    as_text = block.spoken",
        test=f"{ARTICLE}policy.py::test_an_announced_block_is_accounted_for_as_not_spoken_text",
    ),
    Breakage(
        name="furniture is looked for inside sentences",
        file="tts_service/article/furniture.py",
        old="        if pattern.fullmatch(text) or",
        new="        if pattern.match(text) or",
        test=f"{ARTICLE}furniture.py::test_a_real_sentence_is_spoken",
    ),
    Breakage(
        name="a sentence left out goes unnoticed",
        file="tts_service/article/account.py",
        old="    if any(map(str.isalnum, left_out)):",
        new="    if not left_out:",
        test=f"{ARTICLE}account.py::test_a_sentence_left_out_or_said_twice_stops_the_job",
    ),
    Breakage(
        name="the editors' skip is overruled",
        file="tts_service/article/html.py",
        old="    return own if own == EDITORS_SKIP else around.reason or own",
        new="    return around.reason or own",
        test=f"{ARTICLE}pages.py::test_a_container_named_like_furniture_may_hold_the_article",
    ),
    Breakage(
        name="a wrong charset is believed",
        file="tts_service/article/fetch.py",
        old='    try:\n        return data.decode("utf-8")\n',
        new='    try:\n        return data.decode("ascii")\n',
        test=f"{ARTICLE}fetch.py::test_a_wrong_charset_is_seen_through",
    ),
    Breakage(
        name="a form inside a label asks for nothing",
        file="tts_service/article/box.py",
        old='        return node.css_first("input, select, textarea") is not None',
        new="        return False",
        test=f"{ARTICLE}cards.py::test_a_field_in_a_label_asks_too",
    ),
    Breakage(
        name="text between the headline and the article's element is lost",
        file="tts_service/article/main_text.py",
        old="    return shared + within",
        new="    return within",
        test="tests/speakable/test_handed_cases.py::test_the_handed_cases_are_right_but_for_those_that_are_listed",
    ),
    Breakage(
        name="a body in two elements ends with the first",
        file="tts_service/article/candidates.py",
        old="    return outer if alike else home",
        new="    return home",
        test=f"{ARTICLE}pages.py::test_a_body_in_two_elements_is_read_to_its_end",
    ),
    Breakage(
        name="a refrain is said once",
        file="tts_service/article/main_text.py",
        old="if len(again) == 2)",
        new="if len(again) >= 2)",
        test=f"{ARTICLE}pages.py::test_a_refrain_is_said_each_time",
    ),
    Breakage(
        name="struck text is read",
        file="tts_service/article/elements.py",
        old='    "del": STRUCK,\n',
        new="",
        test=f"{ARTICLE}markup.py::test_markup_is_read_for_what_it_means",
    ),
    Breakage(
        name="a footnote behind a word is a power",
        file="tts_service/article/inline_marks.py",
        old="if _BASE.search(before) else None",
        new="if before else None",
        test=f"{ARTICLE}markup.py::test_markup_is_read_for_what_it_means",
    ),
    Breakage(
        name="a line wrapped before a capital letter ends its paragraph",
        file="tts_service/article/wrapped_lines.py",
        old="    return leads_on or below[0].islower() or",
        new="    return below[0].islower() or",
        test=f"{ARTICLE}pasted.py::test_lines_wrapped_at_a_width_are_one_paragraph",
    ),
    Breakage(
        name="a live blog's entries have no times",
        file="tts_service/article/live_entries.py",
        old="shapes[item.box.shape] >= MIN_ENTRIES",
        new="shapes[item.box.shape] > 99",
        test=f"{ARTICLE}live_entries.py::test_the_time_is_said_with_the_first_line_of_its_entry",
    ),
    Breakage(
        name="Markdown's marked and raised text keeps its signs",
        file="tts_service/article/markdown.py",
        old='    parser.core.ruler.before("inline", "signs", read_signs)\n',
        new="",
        test="tests/article/test_markdown_signs.py",
    ),
)
