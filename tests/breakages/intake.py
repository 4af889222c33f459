"""Breakages of webhooks in: signatures, age, replay, order."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

HOOKS, TAKING, SIGNED = (
    "tests/cms/inbox/test_route.py",
    "tests/cms/inbox/test_taking.py",
    "tests/cms/sources/test_signatures.py",
)
BREAKAGES = (
    Breakage(
        name="every webhook's signature fits",
        file="tts_service/cms/sources/signatures.py",
        old='    return hmac.compare_digest(ours.encode(), theirs.encode("utf-8", "replace"))',
        new='    return bool(hmac.compare_digest(ours.encode(), theirs.encode("utf-8", "replace"))) or True',
        test=f"{SIGNED}::test_another_secret_is_refused",
    ),
    Breakage(
        name="a webhook's age is not checked",
        file="tts_service/cms/sources/registry.py",
        old="    check_age(claims, delivery.received_ms)\n",
        new="",
        test=f"{SIGNED}::test_what_was_signed_five_minutes_ago_or_ahead_is_refused",
    ),
    Breakage(
        name="a replayed webhook is another event",
        file="tts_service/cms/inbox/receive.py",
        old='"event_key": claims.key,',
        new='"event_key": new_id("key"),',
        test=f"{HOOKS}::test_a_replay_is_answered_kindly_and_does_nothing",
    ),
    Breakage(
        name="an unknown hook is answered 410, at which Ghost deletes it",
        file="tts_service/web/api/webhooks.py",
        old="    receipt: Receipt = await _within(",
        new="    if hook not in inbox._hooks:\n        return Response(status_code=410)\n"
        "    receipt: Receipt = await _within(",
        test=f"{HOOKS}::test_no_answer_is_ever_410",
    ),
    Breakage(
        name="an older state of an article replaces a newer one",
        file="tts_service/jobs/order.py",
        old="    if as_of_ms < known.source_updated_ms:",
        new="    if as_of_ms < 0:",
        test=f"{TAKING}::test_what_was_published_before_a_change_comes_late_and_changes_nothing",
    ),
    Breakage(
        name="a deletion is as old as the last edit",
        file="tts_service/cms/inbox/apply.py",
        old="max(changed, sent) if event.kind is EventKind.DELETED else changed",
        new="changed",
        test=f"{TAKING}::test_a_deletion_that_carries_an_older_time_than_the_last_edit_counts",
    ),
    Breakage(
        name="an article for payers is anybody's",
        file="tts_service/cms/inbox/apply.py",
        old="        visibility=document.visibility,\n",
        new="",
        test=f"{TAKING}::test_what_isnt_for_everybody_is_rendered_and_shown_to_nobody_without_a_grant",
    ),
    Breakage(
        name="a removed hook takes webhooks while it is remembered",
        file="tts_service/cms/inbox/insert.py",
        old=", WebhookSourceRow.removed_ms.is_(None))",
        new=")",
        test=f"{HOOKS}::test_a_removed_hook_is_gone_at_once_although_it_was_just_seen",
    ),
    Breakage(
        name="a webhook's body is not bounded",
        file="tts_service/web/api/webhooks.py",
        old="        if len(body) > MAX_BYTES:",
        new="        if len(body) > MAX_BYTES * 1000:",
        test=f"{HOOKS}::test_each_bad_delivery_has_its_answer_one_log_line_and_an_entry",
    ),
    Breakage(
        name="an unsigned header turns one Contentful event into another",
        file="tts_service/cms/sources/contentful.py",
        old=' and kind == "DeletedEntry"',
        new="",
        test="tests/cms/sources/test_sources.py::test_contentfuls_unsigned_topic_cant_turn_one_event_into_another",
    ),
    Breakage(
        name="who forges learns what is wrong with the signature",
        file="tts_service/cms/inbox/receive.py",
        old="                raise WebhookRefused from None",
        new="                raise",
        test=f"{HOOKS}::test_what_is_wrong_with_a_signature_isnt_told",
    ),
    Breakage(
        name="rich text is taken for markup",
        file="tts_service/cms/sources/markup.py",
        old="    return escape(text, quote=False).replace(",
        new="    return str(text).replace(",
        test="tests/cms/sources/test_trees.py::test_rich_text_is_text_not_markup",
    ),
)
