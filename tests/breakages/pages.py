"""Breakages of reading pages: what a look at a public page tells, headlines said twice, and what CMSs put around."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

LOOK = "tests/article/test_closed_page.py::test_a_page_tells_how_its_article_stands"
AROUND, HEADLINE, GOLDEN = (
    "tests/article/test_around.py",
    "tests/article/test_headline.py",
    "tests/article/test_golden.py::test_a_page_becomes_these_blocks",
)
BEHIND, CLOSING = "tests/article/test_closing.py", "tts_service/article/closing.py"
CLOSED, LOCKS = "tts_service/article/closed_page.py", "tts_service/article/page_locks.py"

BREAKAGES = (
    Breakage(
        name="a paywall's mark in the page's data is overlooked",
        file=LOCKS,
        old="        if item.free is False:\n",
        new="        if item.free is None:\n",
        test=LOOK,
    ),
    Breakage(
        name="an article behind a login counts as open",
        file=CLOSED,
        old="is_login(final, asked):",
        new="is_login(asked, asked):",
        test=LOOK,
    ),
    Breakage(
        name="a server that is down takes articles away",
        file=CLOSED,
        old="_GONE = (404, 410)",
        new="_GONE = (404, 410, 503)",
        test=LOOK,
    ),
    Breakage(
        name="a page that says not found counts as the article",
        file="tts_service/article/page_substitutes.py",
        old="    if glance.called(_NOT_FOUND) or",
        new="    if glance.called(_CONSENT) or",
        test=LOOK,
    ),
    Breakage(
        name="a login form in a page's header closes its article",
        file=LOCKS,
        old="        if not form.beside:\n",
        new="        if form.passwords:\n",
        test=LOOK,
    ),
    Breakage(
        name="a teaser behind a password closes the article above it",
        file=LOCKS,
        old="        if not _is_foreign(node, tree, glance):\n            return asked",
        new="        if node.tag:\n            return asked",
        test=LOOK,
    ),
    Breakage(
        name="another article's paywall closes this one",
        file=LOCKS,
        old="        if _is_another(item, glance, addresses):\n",
        new="        if _is_another(item, glance, ()) and not item.addresses:\n",
        test=LOOK,
    ),
    Breakage(
        name="a metered article counts as locked",
        file=LOCKS,
        old='.strip().lower() == "locked":',
        new='.strip().lower() != "free":',
        test=LOOK,
    ),
    Breakage(
        name="an article that leads to the front page stays",
        file=CLOSED,
        old="is_front(final) and not is_front(asked):",
        new="is_front(final) and is_front(asked):",
        test=LOOK,
    ),
    Breakage(
        name="a page's title and its headline are both spoken",
        file="tts_service/article/headline.py",
        old="    if name == heading:\n        return True\n",
        new="    if part == shown:\n        return True\n",
        test=f"{HEADLINE}::test_a_page_speaks_its_headline_once",
    ),
    Breakage(
        name="a chapter called like a part of the title is dropped",
        file="tts_service/article/opening.py",
        old="at_beginning=item.level == 2)",
        new="at_beginning=False)",
        test=f"{HEADLINE}::test_a_chapter_called_like_a_part_of_the_title_is_spoken",
    ),
    Breakage(
        name="a pull quote that says something new is skipped",
        file="tts_service/article/pulled.py",
        old=">= REPEATED * len(own)",
        new=">= 0 * len(own)",
        test=f"{AROUND}::test_a_pull_quote_that_says_something_new_is_spoken",
    ),
    Breakage(
        name="a table of contents without a name is spoken",
        file="tts_service/article/reading.py",
        old="            self.anchored += len(text.strip()) if self.now.anchored else 0\n",
        new="",
        test=f"{AROUND}::test_the_head_of_a_list_of_contents_goes_with_it",
    ),
    Breakage(
        name="field names of a CMS are spoken",
        file="tts_service/article/html.py",
        old="        reason = reason or FIELD_NAME\n",
        new="        reason = reason or None\n",
        test=f"{AROUND}::test_field_names_and_settings_are_told_from_a_glossary",
    ),
    Breakage(
        name="preformatted text is taken for code",
        file="tts_service/article/preformatted.py",
        old="        return marks * _DENSE <= len(text)\n",
        new="        return False\n",
        test=GOLDEN,
    ),
    Breakage(
        name="a chapter is skipped for the id made of its words",
        file="tts_service/article/elements.py",
        old='        names = (attributes.get("class") or "").lower()[:1_000]\n',
        new='        names = names or (attributes.get("class") or "")\n',
        test=f"{AROUND}::test_what_only_resembles_them_is_spoken",
    ),
    Breakage(
        name="a note that corrects an article is skipped behind it",
        file=CLOSING,
        old="    if _CORRECTS.search(last.text):\n        return None\n",
        new="",
        test=f"{BEHIND}::test_the_last_lines_of_a_text_stay",
    ),
    Breakage(
        name="a box named like the text's is skipped behind it",
        file=CLOSING,
        old="box.names and self.names.isdisjoint(box.names.split())",
        new="box.names",
        test=f"{BEHIND}::test_a_box_named_like_those_of_the_text_stays",
    ),
    Breakage(
        name="a line in italics behind the text is read",
        file=CLOSING,
        old="return APART if apart or stressed else None",
        new="return APART if apart else None",
        test=f"{BEHIND}::test_a_line_behind_the_text_that_is_marked_up_otherwise_is_skipped",
    ),
    Breakage(
        name="a line above a list is lost behind a box",
        file="tts_service/article/main_text.py",
        old="candidates[max(0, place - CARD) : place]) if one.is_free)",
        new="candidates[place - 1 : place]))",
        test="tests/article/test_newsroom.py::test_a_line_above_a_list_is_read_though_a_box_stands_between",
    ),
    Breakage(
        name="a column beside the article in a layout table is read",
        file="tts_service/article/candidates.py",
        old='(home.tag != "td" or (one.found and len(one.words) >= PARAGRAPH))',
        new="True",
        test="tests/article/test_newsroom.py::test_the_columns_of_a_layout_table_are_no_text",
    ),
)
