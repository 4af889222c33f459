"""Breakages of the WordPress plugin: what it sends, when, and where its player stands. PHP runs the tests, so they are
slow ones."""

from __future__ import annotations

from tests.breakages.breakage import Breakage

PLUGIN, TESTS = "samples/wordpress/listen-to-the-article", "tests/slow/test_wordpress_plugin.py"
BREAKAGES = (
    Breakage(
        name="a retry by the WordPress plugin sends a draft's text",
        file=f"{PLUGIN}/state.php",
        old="} elseif ( ! self::viewable( $state->post ) ) {",
        new="} elseif ( ! in_array( $state->post->post_type, Settings::types(), true ) ) {",
        test=f"{TESTS}::test_a_retry_tells_what_the_post_is_by_then_and_nothing_of_a_draft",
    ),
    Breakage(
        name="a WordPress post with a password is told as public",
        file=f"{PLUGIN}/state.php",
        old="$usual = '' === (string) $post->post_password ? 'public' : 'password';",
        new="$usual = 'public';",
        test=f"{TESTS}::test_what_closes_a_post_closes_it_here",
    ),
    Breakage(
        name="a WordPress post that changed while it was sent counts as told",
        file=f"{PLUGIN}/queue.php",
        old=" SET pending = 0 WHERE post_id = %d AND marks = %d'",
        new=" SET pending = 0 WHERE post_id = %d AND marks >= %d'",
        test=f"{TESTS}::test_a_post_marked_while_it_is_sent_is_sent_again",
    ),
    Breakage(
        name="the WordPress plugin forgets a delivery that the service didn't take",
        file=f"{PLUGIN}/sending.php",
        old="if ( $answer->taken() ) {\n			Queue::told",
        new="if ( true ) {\n			Queue::told",
        test=f"{TESTS}::test_a_row_stays_until_the_service_took_it_with_growing_waits",
    ),
    Breakage(
        name="WordPress' text is rendered with the editor's eyes",
        file=f"{PLUGIN}/anonymous.php",
        old="		wp_set_current_user( 0 );\n",
        new="",
        test=f"{TESTS}::test_the_text_is_rendered_as_nobody_and_everything_is_put_back",
    ),
    Breakage(
        name="a WordPress post's language is that of the editor's profile",
        file=f"{PLUGIN}/language.php",
        old="return '' !== $locale ? $locale : get_locale();",
        new="return '' !== $locale ? $locale : get_user_locale( $post->post_author );",
        test=f"{TESTS}::test_the_language_is_the_articles_not_the_editors",
    ),
    Breakage(
        name="the WordPress plugin sends before the editor has the answer",
        file=f"{PLUGIN}/schedule.php",
        old="		self::$wanted = true;\n",
        new="		self::$wanted = true;\n		Sending::run( true );\n",
        test=f"{TESTS}::test_nothing_is_sent_before_the_editor_has_the_answer",
    ),
    Breakage(
        name="every save in WordPress waits for a silent service again",
        file=f"{PLUGIN}/line.php",
        old="return self::notes()['rest_until'] > time();",
        new="return false;",
        test=f"{TESTS}::test_after_one_silence_nothing_is_asked_for_a_minute",
    ),
    Breakage(
        name="WordPress' excerpts begin with the player",
        file=f"{PLUGIN}/player.php",
        old="return ! self::text_is_used_elsewhere();",
        new="return true;",
        test=f"{TESTS}::test_no_player_anywhere_else",
    ),
    Breakage(
        name="pull quotes and widgets of WordPress are spoken",
        file=f"{PLUGIN}/left-out.php",
        old="return in_array( $block['blockName'] ?? '', $blocks, true ) ? '' : $html;",
        new="return $html;",
        test=f"{TESTS}::test_blocks_that_are_no_part_of_the_article_are_left_out",
    ),
    Breakage(
        name="a wrong site name is saved in WordPress without a word",
        file=f"{PLUGIN}/line.php",
        old="return is_string( $site ) && $site !== $ours",
        new="return is_string( $site ) && '' === $ours",
        test=f"{TESTS}::test_the_line_is_tested_when_settings_are_saved",
    ),
    Breakage(
        name="what SQL did to WordPress' posts is never found",
        file=f"{PLUGIN}/daily.php",
        old="return $state->fingerprint() !== $row->told_print;",
        new="return false;",
        test=f"{TESTS}::test_what_sql_did_is_found_once_a_day",
    ),
)
