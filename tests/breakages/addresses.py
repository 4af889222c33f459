"""Breakages of addresses: one page is one page, and no file is left without its tags."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

VALUE, LOOKUP, SPEAK = (
    "tests/values/test_web_address.py",
    "tests/cms/inbox/test_page_lookup.py",
    "tests/commands/test_speak_marked.py",
)
DOWNLOADS, EMPTY, FOLDERS = (
    "tests/web/test_downloads.py",
    "tests/cms/sources/test_empty_fields.py",
    "tests/installation/test_odd_folders.py",
)
BREAKAGES = (
    Breakage(
        name="an article's page is looked up by its address as it was sent",
        file="tts_service/web/api/clips.py",
        old="    found = session.scalars(select(ArticleRow).where(at_page(session, url, site)).limit(_MAX_FOUND))",
        new="    mine = (ArticleRow.url == url, *((ArticleRow.site == site,) if site else ()))\n"
        "    found = session.scalars(select(ArticleRow).where(*mine).limit(_MAX_FOUND))",
        test=f"{LOOKUP}::TestReaders::test_a_clip_is_found_under_every_address_of_its_page",
    ),
    Breakage(
        name="an article keeps its address as it came",
        file="tts_service/values/article.py",
        old='            object.__setattr__(self, "url", WebAddress(self.url))',
        new="            pass",
        test=f"{VALUE}::test_an_article_never_holds_an_address_as_it_came",
    ),
    Breakage(
        name="a feed's entry is known by its address as it is written there",
        file="tts_service/cms/feeds/missed.py",
        old="    at = select(ArticleRow).where(mine, ArticleRow.page_key.in_(list(pages))).order_by(ArticleRow.id)",
        new="    written = [entry.url for entry in pages.values()]\n"
        "    at = select(ArticleRow).where(mine, ArticleRow.url.in_(written)).order_by(ArticleRow.id)",
        test=f"{LOOKUP}::TestFeeds::test_what_came_by_webhook_is_no_second_article_in_a_feed",
    ),
    Breakage(
        name="two feeds make two articles of a page",
        file="tts_service/cms/feeds/missed.py",
        old="    pages = {str(identity.key(entry.url)): entry for entry in entries}",
        new="    pages = {str(entry.url): entry for entry in entries}",
        test=f"{LOOKUP}::TestFeeds::test_a_page_that_two_feeds_write_differently_is_requested_once",
    ),
    Breakage(
        name="a webhook doesn't know the article that a feed found at another form of its address",
        file="tts_service/jobs/joining.py",
        old="FoundArticleRow.page_key == key)",
        new="FoundArticleRow.address == url)",
        test=f"{LOOKUP}::TestFeeds::test_the_webhook_that_comes_after_the_feed_names_the_same_article",
    ),
    Breakage(
        name="a feed's address that only leads to an article becomes an article",
        file="tts_service/cms/feeds/request.py",
        old="    addresses = (found.led_to, canonical_of(found.article.source, found.led_to))",
        new="    addresses: tuple[WebAddress | None, ...] = ()",
        test=f"{LOOKUP}::TestFeeds::test_an_address_that_leads_to_a_known_article_is_none_of_its_own",
    ),
    Breakage(
        name="a file's tags hold the address as it came",
        file="tts_service/narration/labels.py",
        old='        url=WebAddress.read(facts.get("url")),',
        new='        url=facts.get("url"),  # type: ignore[arg-type]',
        test=f"{VALUE}::test_tags_of_what_was_kept_before_hold_a_uri",
    ),
    Breakage(
        name="encoded and plain letters are two pages",
        file="tts_service/values/web_address.py",
        old='    return quote_from_bytes(_decoded(text, plus=plus).encode("utf-8", "surrogateescape"), safe="")',
        new="    return text",
        test=f"{VALUE}::test_however_a_page_is_written_its_key_is_the_same",
    ),
    Breakage(
        name="every site tracks readers by the same parameters",
        file="tts_service/db/pages.py",
        old="    return read_options((row.options if row else None) or {}).identity",
        new="    return PageIdentity() if row is None or row else PageIdentity()",
        test=f"{LOOKUP}::TestReaders::test_a_site_lists_its_own_tracking_parameters",
    ),
    Breakage(
        name="articles from before have no page key",
        file="tts_service/db/migrations/versions/0011_page_keys.py",
        old="    _fill(_ARTICLES, (_ARTICLES.c.id,), lambda row: key(row.url))\n",
        new="",
        test=f"{LOOKUP}::test_articles_from_before_there_were_keys_are_found",
    ),
    Breakage(
        name="speak keeps a file that doesn't say what it is",
        file="tts_service/commands/to_file.py",
        old="        confirm(half, record)\n",
        new="",
        test=f"{SPEAK}::test_without_its_tags_no_file_is_left_and_the_command_fails",
    ),
    Breakage(
        name="a download opens in place of the publisher's page",
        file="tts_service/web/sound/file_name.py",
        old='    kind = "attachment" if download else "inline"',
        new='    kind = "inline"',
        test=f"{DOWNLOADS}::test_a_finished_file_has_its_name_and_a_download_is_kept",
    ),
    Breakage(
        name="a clip's page stands beside its article in search engines",
        file="tts_service/web/templates/listen.html",
        old='<meta name="robots" content="noindex">\n',
        new="",
        test=f"{DOWNLOADS}::test_a_clips_page_leads_search_engines_to_the_article",
    ),
    Breakage(
        name="a CMS's empty field is refused",
        file="tts_service/web/schemas/fields.py",
        old='    return None if value == "" else value',
        new="    return value",
        test=f"{EMPTY}::test_empty_strings_mean_not_given",
    ),
    Breakage(
        name="the database's folder ends at a question mark",
        file="tts_service/db/session.py",
        old='        address = URL.create("sqlite", database=path)',
        new="        address = url",
        test=f"{FOLDERS}::test_everything_lies_in_the_folder_that_was_named",
    ),
)
