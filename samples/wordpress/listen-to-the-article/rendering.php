<?php
/** A post's text as its own page shows it to readers, without our player. */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Rendering {

	/** @var bool Whether a text is being rendered for the service: no player in there. */
	private static $active = false;

	public static function active() {
		return self::$active;
	}

	/** Call within Anonymous::run. Throws what a shortcode or block throws. */
	public static function html_of( $post ) {
		$unlocked = function ( $required, $asked ) use ( $post ) {
			return $required && (int) $asked->ID !== (int) $post->ID;
		};
		self::$active = true;
		// Only a post that is sent for readers with its password gets here with one.
		add_filter( 'post_password_required', $unlocked, PHP_INT_MAX, 2 );
		try {
			self::open_page( $post );
			$html = Left_Out::during(
				$post,
				function () use ( $post ) {
					return apply_filters( 'the_content', $post->post_content );
				}
			);
			return (string) apply_filters( 'listen_to_the_article_html', $html, $post );
		} finally {
			remove_filter( 'post_password_required', $unlocked, PHP_INT_MAX );
			self::$active = false;
		}
	}

	/** Membership plugins guard a text where is_singular(), in_the_loop() and is_main_query() say that it is read. */
	private static function open_page( $post ) {
		$query = new \WP_Query();
		$query->parse_query( array( 'p' => $post->ID, 'post_type' => $post->post_type ) );
		$query->is_singular       = true;
		$query->is_single         = 'page' !== $post->post_type;
		$query->is_page           = 'page' === $post->post_type;
		$query->is_home           = false;
		$query->posts             = array( $post );
		$query->post              = $post;
		$query->post_count        = 1;
		$query->found_posts       = 1;
		$query->queried_object    = $post;
		$query->queried_object_id = $post->ID;
		// phpcs:disable WordPress.WP.GlobalVariablesOverride -- Anonymous::run restores them.
		$GLOBALS['wp_query']     = $query;
		$GLOBALS['wp_the_query'] = $query;
		$GLOBALS['post']         = $post;
		// phpcs:enable
		$query->the_post();
	}
}
