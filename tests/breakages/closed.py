"""Breakages of what closes an article: order, language versions, who is asked, what nobody may hear."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

CLOSED, ORDER = "tests/cms/inbox/test_closed.py", "tests/cms/inbox/test_order.py"
VERSIONS, RECALL, TIMES = (
    "tests/cms/inbox/test_versions.py",
    "tests/cms/inbox/test_recall.py",
    "tests/cms/inbox/test_times.py",
)
DRUPAL = "tests/cms/sources/test_drupal.py"
ROUTE, SOURCES, COMMANDS = (
    "tests/cms/inbox/test_route.py",
    "tests/cms/sources/test_sources.py",
    "tests/commands/test_hooks.py",
)
BREAKAGES = (
    Breakage(
        name="a closed article of our plugin is ignored",
        file="tts_service/cms/sources/standard.py",
        old='"closed": EventKind.CLOSED,',
        new="",
        test=f"{CLOSED}::test_what_closes_is_silent_everywhere_and_opens_again_without_synthesis[closed]",
    ),
    Breakage(
        name="an article for members that comes without its text is ignored",
        file="tts_service/cms/sources/standard.py",
        old=" or (visibility not in (None, PUBLIC) and is_empty(data, hook)):",
        new=":",
        test=f"{CLOSED}::test_what_closes_is_silent_everywhere_and_opens_again_without_synthesis"
        "[updated, for members, without text]",
    ),
    Breakage(
        name="a repeated try that tells another state is taken for a duplicate",
        file="tts_service/cms/sources/signatures.py",
        old='    return Claims(key=f"{message_id} {digest(delivery.body)[:32]}", sent_ms=sent_ms)',
        new="    return Claims(key=message_id, sent_ms=sent_ms)",
        test=f"{CLOSED}::test_a_repeated_try_that_tells_another_state_is_no_duplicate",
    ),
    Breakage(
        name="the document's own time goes before as_of",
        file="tts_service/cms/inbox/apply.py",
        old="    if event.as_of_ms is not None:\n        as_of = min",
        new="    if event.as_of_ms is not None and event.changed_ms is None:\n        as_of = min",
        test=f"{ORDER}::test_as_of_goes_before_the_documents_own_time",
    ),
    Breakage(
        name="of two states of one time the one that came last stands",
        file="tts_service/jobs/order.py",
        old="        if reach > known_reach:",
        new="        if reach > known_reach and told_ms == 0:",
        test=f"{ORDER}::test_of_two_states_of_the_same_as_of_the_closed_one_stands",
    ),
    Breakage(
        name="a late try counts as told when it was sent",
        file="tts_service/cms/inbox/apply.py",
        old="0 <= arrival.sent_ms - changed <= FIRST_TRY_MS",
        new="0 <= arrival.sent_ms - changed",
        test=f"{ORDER}::test_a_late_try_of_what_was_published_before_doesnt_open_what_was_closed_at_the_same_time",
    ),
    Breakage(
        name="an old plugin's timestamp, made anew by each try, is believed",
        file="tts_service/cms/sources/wordpress.py",
        old="    keeps_timestamp = False\n",
        new="",
        test=f"{ORDER}::test_an_old_plugins_timestamp_is_of_the_try_and_decides_nothing",
    ),
    Breakage(
        name="the language version is no part of the identity",
        file="tts_service/cms/inbox/identity.py",
        old="    return versioned_id(version.document_id, locale)",
        new="    return version.document_id",
        test=f"{DRUPAL}::test_a_translation_that_goes_leaves_the_others",
    ),
    Breakage(
        name="a known article gets another id with its language",
        file="tts_service/cms/inbox/identity.py",
        old="        return same_language(language, locale)",
        new="        return False",
        test=f"{VERSIONS}::test_a_known_article_goes_on_under_its_id_and_the_other_language_is_another",
    ),
    Breakage(
        name="a document that was deleted is remembered by the versions that were known only",
        file="tts_service/jobs/control.py",
        old="        _note_withdrawn_document(session,",
        new="        kept and _note_withdrawn_document(session,",
        test=f"{VERSIONS}::test_a_version_that_comes_late_after_the_whole_entry_went_stays_out",
    ),
    Breakage(
        name="a language that an entry doesn't have any more stays",
        file="tts_service/cms/sources/contentful.py",
        old="        if kept:\n",
        new="        if not kept:\n",
        test=f"{VERSIONS}::test_each_language_of_an_entry_is_an_article_and_one_that_vanishes_goes",
    ),
    Breakage(
        name="a draft of one language is spoken with the others",
        file="tts_service/cms/sources/contentful.py",
        old='    if status == "draft":',
        new='    if status == "Draft":',
        test=f"{VERSIONS}::test_where_languages_are_published_one_by_one_a_draft_is_never_heard",
    ),
    Breakage(
        name="what the API refuses to a stranger stays public",
        file="tts_service/cms/inbox/lookup.py",
        old='            if call.refusal_closes and error.details.get("by_api"):',
        new='            if not call.refusal_closes and error.details.get("by_api"):',
        test=f"{DRUPAL}::test_what_drupal_doesnt_show_to_strangers_is_closed_for_members",
    ),
    Breakage(
        name="Drupal is asked with the editor's eyes",
        file="tts_service/cms/sources/drupal.py",
        old='    headers = {"Accept": "application/vnd.api+json"}',
        new='    headers = {"Accept": "application/vnd.api+json", "Authorization": "Bearer x"}',
        test=f"{DRUPAL}::test_what_drupal_doesnt_show_to_strangers_is_closed_for_members",
    ),
    Breakage(
        name="WordPress's text is what the webhook's user sees",
        file="tts_service/cms/sources/woocommerce.py",
        old=" is None or _asks(hook, found):",
        new=" is None:",
        test=f"{SOURCES}::test_a_post_that_was_sent_is_asked_for_all_the_same_where_there_is_an_api",
    ),
    Breakage(
        name="a proxy's refusal closes an article",
        file="tts_service/cms/inbox/lookup.py",
        old=' and error.details.get("by_api"):',
        new=":",
        test=f"{DRUPAL}::test_a_refusal_by_a_proxy_closes_nothing",
    ),
    Breakage(
        name="a cached answer opens what was just closed",
        file="tts_service/cms/inbox/apply.py",
        old="arrival.asked_ms >= closed_ms + parts.settings.check_confirm_s * 1000:",
        new="arrival.asked_ms >= 0:",
        test=f"{RECALL}::test_an_opening_that_a_cache_may_have_made_up_is_outdated",
    ),
    Breakage(
        name="looking at the CMS brings back what staff took offline",
        file="tts_service/cms/inbox/recheck.py",
        old="    if row.withdrawn_ms is not None and row.withdrawn_by is None:\n        return False",
        new="    if row.withdrawn_ms is not None and row.withdrawn_by is None:\n        pass",
        test=f"{RECALL}::test_what_was_taken_offline_by_hand_isnt_brought_back_by_looking",
    ),
    Breakage(
        name="an article is heard after it expired",
        file="tts_service/cms/inbox/apply.py",
        old="        due_ms=expires_ms,\n",
        new="",
        test=f"{TIMES}::test_what_expires_is_silent_from_that_moment_without_another_webhook",
    ),
    Breakage(
        name="an article is heard before it opens",
        file="tts_service/cms/inbox/apply.py",
        old="    if opens_ms is not None and opens_ms > now:",
        new="    if opens_ms is not None and opens_ms < 0:",
        test=f"{TIMES}::test_an_article_that_is_heard_and_gets_a_time_to_come_is_silent_until_then",
    ),
    Breakage(
        name="the sample of a test is public",
        file="tts_service/cms/inbox/apply.py",
        old="    visibility = FOR_TESTS if event.external_id == SAMPLE.external_id else document.visibility",
        new="    visibility = document.visibility",
        test=f"{COMMANDS}::test_the_sample_is_never_public",
    ),
    Breakage(
        name="a delivery that came again leaves no line",
        file="tts_service/cms/inbox/receive.py",
        old='        log.info("webhook %s %s came again: event %s", hook.source, hook.id, event_id)\n',
        new="",
        test=f"{ROUTE}::test_what_came_again_is_logged_counted_and_told_the_site",
    ),
    Breakage(
        name="a hook's language replaces the article's own",
        file="tts_service/cms/sources/article_of.py",
        old='        language=language(value_of(entry, "language", hook)) or hook.options.language,',
        new='        language=hook.options.language or language(value_of(entry, "language", hook)),',
        test=f"{SOURCES}::test_a_language_of_the_hook_only_fills_a_gap[wordpress]",
    ),
    Breakage(
        name="a declared language that the text contradicts is believed",
        file="tts_service/article/language.py",
        old="    if found is None or not speaks(found):",
        new="    if found is None or not speaks(found) or bool(tag):",
        test="tests/article/test_language.py::"
        "test_a_declared_language_that_the_text_plainly_contradicts_is_doubted_and_the_account_says_so",
    ),
    Breakage(
        name="a part in another language turns the whole article over",
        file="tts_service/article/language.py",
        old="    return first if first is not None and all(other == first for other in found) else None",
        new="    return next((one for one in (first, *found) if one), None)",
        test="tests/article/test_language.py::test_what_isnt_plainly_contradicted_stays_as_declared",
    ),
)
