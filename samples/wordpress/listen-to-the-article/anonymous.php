<?php
/** Runs code as a reader who isn't signed in and has entered no password, in the language of a post. */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Anonymous {

	/** Return what `$work` returns. User, cookies, query, post and language are restored after it, also when it throws. */
	public static function run( $post, callable $work ) {
		$user    = get_current_user_id();
		$cookies = $_COOKIE;
		$names   = array( 'post', 'id', 'authordata', 'currentday', 'currentmonth', 'page', 'pages', 'multipage', 'more', 'numpages', 'wp_query', 'wp_the_query' );
		$globals = array_intersect_key( $GLOBALS, array_flip( $names ) );
		$level   = ob_get_level();
		// Before the user changes: WordPress takes the user's language for the current one and would see nothing to do.
		$switched = $post && switch_to_locale( Language::locale_of( $post ) );
		$_COOKIE  = array(); // Holds the passwords that this browser has entered.
		wp_set_current_user( 0 );
		ob_start(); // What a shortcode prints instead of returning it must not reach the page.
		try {
			return $work();
		} finally {
			while ( ob_get_level() > $level ) {
				ob_end_clean();
			}
			foreach ( $names as $name ) {
				unset( $GLOBALS[ $name ] );
			}
			foreach ( $globals as $name => $value ) {
				$GLOBALS[ $name ] = $value; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- As it was.
			}
			$_COOKIE = $cookies;
			wp_set_current_user( $user );
			if ( $switched ) {
				restore_previous_locale();
			}
		}
	}
}
