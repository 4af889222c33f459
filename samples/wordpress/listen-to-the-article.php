<?php
/**
 * Plugin Name: Listen to the article
 * Description: Tells the audio service how each post stands, and puts the player above it.
 * Version: 1.1
 * Requires at least: 5.7
 * Requires PHP: 7.4
 * License: Apache-2.0
 *
 * Copy this file and the folder of the same name into wp-content/mu-plugins/, then enter address, secret and site under
 * Settings > Listen to the article.
 *
 * Each post that changes is noted in a small table of the site's own database. A delivery reads the post when it is
 * sent and says how it stands at that moment: public, closed, taken offline or deleted. It is repeated until the
 * service has taken it. Nothing is sent or looked up while an editor or a reader waits.
 *
 * Filters:
 * - listen_to_the_article_visibility ($visibility, $post): who a post is for, such as "members"; "public" is everybody.
 * - listen_to_the_article_may_listen ($may, $post): whether this reader may hear a post that isn't public.
 * - listen_to_the_article_language ($tag, $post): the post's language, such as "de-AT".
 * - listen_to_the_article_left_out_blocks, listen_to_the_article_left_out_shortcodes ($names, $post): what isn't spoken.
 * - listen_to_the_article_html ($html, $post): the rendered text before it is sent.
 * - listen_to_the_article_attributes ($attributes, $post): attributes of the player's element.
 */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

const FOLDER = __DIR__ . '/listen-to-the-article';

if ( ! is_readable( FOLDER . '/queue.php' ) ) {
	add_action(
		'admin_notices',
		function () {
			echo '<div class="notice notice-error"><p>Listen to the article: copy the folder "listen-to-the-article" beside the file of the same name.</p></div>';
		}
	);
	return;
}

foreach ( array( 'words', 'settings', 'language', 'left-out', 'anonymous', 'rendering', 'state', 'queue', 'line', 'schedule', 'message', 'sending', 'changes', 'clips', 'daily', 'player', 'grants' ) as $part ) {
	require_once FOLDER . "/$part.php";
}
Changes::begin();
Schedule::begin();
Daily::begin();
Player::begin();
Grants::begin();
if ( is_admin() ) {
	foreach ( array( 'line-test', 'editors', 'notices', 'settings-page' ) as $part ) {
		require_once FOLDER . "/$part.php";
	}
	Editors::begin();
	Notices::begin();
	Settings_Page::begin();
}
