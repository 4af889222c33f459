<?php
/**
 * The player above a post: the service's web component.
 *
 * The page asks the service for nothing while it is built: the component does, in the reader's browser, after the page
 * is there. Where a page's content security policy or the browser lets no script run, nothing dead is shown: without
 * scripts a link leads to the audio's own page, with a policy that blocks the script there is nothing.
 */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Player {

	const SCRIPT = 'listen-to-the-article';

	/** @var bool Whether this page has it already. */
	private static $placed = false;

	public static function begin() {
		add_filter( 'the_content', array( __CLASS__, 'above' ), 20 ); // After wpautop, which would tear it apart.
		add_filter( 'script_loader_tag', array( __CLASS__, 'as_module' ), 10, 3 );
	}

	public static function above( $content ) {
		if ( self::$placed || ! self::belongs_here() ) {
			return $content;
		}
		$player = self::element( get_post() );
		self::$placed = '' !== $player;
		return $player . $content;
	}

	/** Only the text of the post that the page is about, where readers read it. */
	private static function belongs_here() {
		if ( Rendering::active() || is_admin() || is_feed() || is_embed() || is_preview() || ! Settings::complete() ) {
			return false;
		}
		if ( wp_doing_ajax() || wp_doing_cron() || ( defined( 'REST_REQUEST' ) && REST_REQUEST ) ) {
			return false;
		}
		if ( ! is_singular( Settings::types() ) || ! in_the_loop() || ! is_main_query() || get_the_ID() !== get_queried_object_id() ) {
			return false;
		}
		return ! self::text_is_used_elsewhere();
	}

	/** An excerpt, a description in the page's head or foot, a text within a text. */
	private static function text_is_used_elsewhere() {
		global $wp_current_filter;
		foreach ( array( 'wp_head', 'wp_footer', 'get_the_excerpt', 'the_excerpt', 'wp_trim_excerpt', 'the_content_feed' ) as $name ) {
			if ( doing_filter( $name ) ) {
				return true;
			}
		}
		if ( count( array_keys( (array) $wp_current_filter, 'the_content', true ) ) > 1 ) {
			return true;
		}
		// Some call it without its filter. phpcs:ignore WordPress.PHP.DevelopmentFunctions
		$callers = wp_list_pluck( debug_backtrace( DEBUG_BACKTRACE_IGNORE_ARGS ), 'function' );
		return in_array( 'wp_trim_excerpt', $callers, true );
	}

	/** '' for who may not hear it. */
	private static function element( $post ) {
		if ( post_password_required( $post ) || ! State::viewable( $post ) ) {
			return '';
		}
		$public = 'public' === State::visibility( $post );
		if ( ! $public && ! Grants::may_listen( $post ) ) {
			return '';
		}
		$attributes = array( 'site' => Settings::get( 'site' ), 'article' => $post->ID );
		// A post from before the plugin: the service may have found it by its address and not know its id yet.
		$attributes += $public ? array( 'url' => get_permalink( $post ) ) : array( 'renew' => Grants::address( $post ) );
		$attributes = (array) apply_filters( 'listen_to_the_article_attributes', $attributes, $post );
		$written    = '';
		foreach ( $attributes as $name => $value ) {
			$written .= sprintf( ' %s="%s"', sanitize_key( $name ), esc_attr( $value ) );
		}
		wp_enqueue_script( self::SCRIPT, Settings::base() . '/player.js', array(), null, true ); // phpcs:ignore WordPress.WP.EnqueuedResourceParameters -- The service sets its own caching.
		return "<article-audio$written>" . self::without_scripts( $public ? Queue::row( $post->ID ) : null ) . '</article-audio>';
	}

	private static function without_scripts( $row ) {
		if ( ! $row || '' === (string) $row->clip_page || 'failed' === $row->clip_state ) {
			return '';
		}
		return sprintf( '<noscript><a href="%s">%s</a></noscript>', esc_url( $row->clip_page ), esc_html( say( 'Listen to the article' ) ) );
	}

	/** `async`, so that a slow service never holds up the page. */
	public static function as_module( $tag, $handle, $src ) {
		return self::SCRIPT === $handle ? sprintf( "<script type=\"module\" async src=\"%s\"></script>\n", esc_url( $src ) ) : $tag;
	}
}
