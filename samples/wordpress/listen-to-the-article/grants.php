<?php
/** Audio of posts that aren't for everybody: the player asks here, this site asks the service (docs/grants.md). */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Grants {

	const ACTION  = 'listen_to_the_article_grant';
	const TIMEOUT = 2; // Seconds. Only the player waits, not the page.

	public static function begin() {
		// Not the REST API: it takes a reader without a nonce for a stranger, and a cached page has no fresh nonce.
		add_action( 'wp_ajax_' . self::ACTION, array( __CLASS__, 'answer' ) );
		add_action( 'wp_ajax_nopriv_' . self::ACTION, array( __CLASS__, 'answer' ) );
	}

	public static function address( $post ) {
		return add_query_arg( array( 'action' => self::ACTION, 'post' => $post->ID ), admin_url( 'admin-ajax.php', 'relative' ) );
	}

	/** Whether this reader may hear a post that isn't for everybody: who has entered its password, or as a filter says. */
	public static function may_listen( $post ) {
		if ( '' === Settings::get( 'key' ) || post_password_required( $post ) ) {
			return false;
		}
		return (bool) apply_filters( 'listen_to_the_article_may_listen', '' !== (string) $post->post_password, $post );
	}

	/** To the player: a grant for who may listen, else nothing. */
	public static function answer() {
		nocache_headers();
		$post = get_post( (int) ( $_REQUEST['post'] ?? 0 ) ); // phpcs:ignore WordPress.Security.NonceVerification -- Changes nothing.
		$open = $post && State::viewable( $post ) && 'public' !== State::visibility( $post ) && self::may_listen( $post );
		$grant = $open ? self::grant( $post->ID ) : '';
		wp_send_json( '' === $grant ? new \stdClass() : array( 'grant' => $grant ) );
	}

	/** Opens the audio for four hours; kept for a minute. '' where there is none. */
	private static function grant( $post_id ) {
		$name = "listen_grant_$post_id";
		$kept = get_transient( $name );
		if ( is_string( $kept ) ) {
			return $kept;
		}
		if ( Line::resting() ) {
			return '';
		}
		$answer = Line::ask(
			'/v1/articles/' . rawurlencode( Settings::get( 'site' ) ) . '/' . $post_id . '/grants',
			array(
				'method'  => 'POST',
				'timeout' => self::TIMEOUT,
				'headers' => array(
					'Authorization' => 'Bearer ' . Settings::get( 'key' ),
					'Content-Type'  => 'application/json',
				),
				'body'    => '{"life_s":14400}',
			)
		);
		$grant = 201 === $answer->code ? (string) ( $answer->said['grant'] ?? '' ) : '';
		set_transient( $name, $grant, MINUTE_IN_SECONDS );
		return $grant;
	}
}
