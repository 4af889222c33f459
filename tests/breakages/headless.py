"""Breakages of Ghost, Directus and Strapi: what must not be heard, and which of several states is the present one."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

GHOST, DIRECTUS, STRAPI = (f"tests/cms/sources/test_{name}.py" for name in ("ghost", "directus", "strapi"))
BREAKAGES = (
    Breakage(
        name="the same body from Directus is a duplicate",
        file="tts_service/cms/sources/directus.py",
        old="        return Claims(key=secrets.token_hex(16))",
        new='        return Claims(key=f"{hash(delivery.body):x}")',
        test=f"{DIRECTUS}::test_archived_published_and_archived_within_a_minute_ends_archived",
    ),
    Breakage(
        name="Directus' changed fields without a status are taken for published",
        file="tts_service/cms/sources/directus.py",
        old="    if stated and isinstance(payload, Mapping) and has_body(payload, hook):",
        new="    if isinstance(payload, Mapping) and has_body(payload, hook):",
        test=f"{DIRECTUS}::test_without_an_api_only_a_text_whose_status_is_told_is_taken",
    ),
    Breakage(
        name="an item of Directus whose status is empty is public",
        file="tts_service/cms/sources/directus.py",
        old='    if not is_published(item, hook) or (has_status and value_of(item, "status", hook) is None):',
        new="    if not is_published(item, hook):",
        test=f"{DIRECTUS}::test_only_a_published_item_is_spoken",
    ),
    Breakage(
        name="an item that Directus' role doesn't see stays audible",
        file="tts_service/cms/sources/directus.py",
        old="        if found == []:",
        new="        if found is False:",
        test=f"{DIRECTUS}::test_an_item_that_readers_dont_see_is_gone",
    ),
    Breakage(
        name="Strapi's language is no part of the article",
        file="tts_service/cms/sources/strapi.py",
        old="        event = Event(kind=kind, external_id=found, locale=_locale(entry), changed_ms=changed)",
        new="        event = Event(kind=kind, external_id=found, changed_ms=changed)",
        test=f"{STRAPI}::test_a_language_that_goes_leaves_the_others",
    ),
    Breakage(
        name="a draft that Strapi saves over a live article is spoken",
        file="tts_service/cms/sources/strapi.py",
        old='        if _is_draft(entry):\n            return ignored("a draft", found)\n',
        new="",
        test=f"{STRAPI}::test_a_draft_is_never_spoken_and_changes_nothing",
    ),
    Breakage(
        name="Strapi is asked for the draft",
        file="tts_service/cms/sources/strapi.py",
        old="?status=published{language}",
        new="?status=draft{language}",
        test=f"{STRAPI}::test_the_published_version_of_this_language_is_asked_for",
    ),
    Breakage(
        name="an article that Strapi publishes again is older than its unpublishing",
        file="tts_service/cms/sources/strapi.py",
        old='        changed = _latest(at(body, "createdAt"), value_of(entry, "updated_at", hook))',
        new='        changed = _latest(value_of(entry, "updated_at", hook))',
        test=f"{STRAPI}::test_a_version_published_again_without_an_edit_is_newer_than_its_unpublishing",
    ),
    Breakage(
        name="a card of Ghost's for payers is spoken to everybody",
        file="tts_service/cms/sources/ghost_html.py",
        old='        return found.get("nonMember") == "true"',
        new="        return True",
        test=f"{GHOST}::test_a_card_is_spoken_if_all_readers_of_the_post_see_it",
    ),
    Breakage(
        name="a gate of Ghost's that never closes hides nothing",
        file="tts_service/cms/sources/ghost_html.py",
        old="        place = end.end() if end else len(source)",
        new="        place = end.end() if end else gate.end()",
        test=f"{GHOST}::test_a_gate_that_isnt_clear_is_shut",
    ),
    Breakage(
        name="Ghost's custom excerpt is not spoken",
        file="tts_service/cms/sources/ghost_html.py",
        old="    return (_standfirst(post, body) + _picture(post) + body) if body.strip()",
        new="    return (_picture(post) + body) if body.strip()",
        test=f"{GHOST}::test_the_custom_excerpt_is_spoken_as_the_standfirst_and_the_caption_as_a_caption",
    ),
    Breakage(
        name="the button of Ghost's product card is spoken",
        file="tts_service/article/element_names.py",
        old="wp-block-file|kg-product-card-button|",
        new="wp-block-file|",
        test=f"{GHOST}::test_the_text_in_cards_is_spoken_and_their_buttons_are_not",
    ),
    Breakage(
        name="the preview of a members' post of Ghost's is its text",
        file="tts_service/cms/sources/ghost.py",
        old="        if visibility != PUBLIC:\n            return replace(now, kind=EventKind.CLOSED",
        new='        if visibility == "":\n            return replace(now, kind=EventKind.CLOSED',
        test=f"{GHOST}::test_a_members_post_is_closed_and_its_preview_is_no_text",
    ),
    Breakage(
        name="a post of Ghost's whose visibility can't be read is public",
        file="tts_service/cms/sources/ghost.py",
        old='_RESTRICTED = "members"',
        new='_RESTRICTED = "public"',
        test=f"{GHOST}::test_a_post_whose_visibility_cant_be_read_is_for_members",
    ),
    Breakage(
        name="a post of Ghost's that became a page is still an article",
        file="tts_service/cms/sources/ghost.py",
        old="        if _became_page(current):",
        new="        if _became_page({}):",
        test=f"{GHOST}::test_a_post_that_became_a_page_is_no_article_any_more",
    ),
)
