<?php
/** When the queue is worked off: after the response where PHP can end it early, else and later by WP-Cron. */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Schedule {

	const EVENT   = 'listen_to_the_article_send';
	const WAKE_MS = 100; // What waking WP-Cron may take; if that is too short, the next request wakes it.

	/** @var bool */
	private static $wanted = false;

	public static function begin() {
		add_action( self::EVENT, array( __CLASS__, 'by_cron' ) );
		add_action( 'shutdown', array( __CLASS__, 'after_response' ), PHP_INT_MAX );
	}

	/** Something was marked in this request. */
	public static function soon() {
		self::$wanted = true;
		self::no_later_than( time() ); // Stands even if this process dies now.
	}

	/** One event, at the earlier one of its time and `$time`. */
	public static function no_later_than( $time ) {
		$next = wp_next_scheduled( self::EVENT );
		if ( $next && $next <= $time ) {
			return;
		}
		if ( $next ) {
			wp_unschedule_event( $next, self::EVENT );
		}
		wp_schedule_single_event( $time, self::EVENT );
	}

	/** The next event for whatever is left. Not before the service had its rest. */
	public static function next() {
		$next = Settings::complete() ? Queue::next_time() : 0;
		if ( $next ) {
			self::no_later_than( max( $next, time() + 5, Line::notes()['rest_until'] ) );
		}
	}

	public static function by_cron() {
		self::end_response();
		Sending::run( true );
	}

	/** The editor has the answer already, or gets it now; only then the service is called. */
	public static function after_response() {
		if ( ! self::$wanted ) {
			return;
		}
		self::$wanted = false;
		if ( wp_doing_cron() ) {
			Sending::run( true );
		} elseif ( self::end_request() ) {
			// In wp-admin many plugins don't set up what readers see: a text is rendered there by WP-Cron.
			Sending::run( ! is_admin() );
			self::wake_cron();
		} else {
			self::wake_cron();
		}
	}

	/** End the request for the browser while this process goes on; false: PHP can't here. */
	private static function end_request() {
		foreach ( array( 'fastcgi_finish_request', 'litespeed_finish_request' ) as $finish ) {
			if ( function_exists( $finish ) ) {
				if ( PHP_SESSION_ACTIVE === session_status() ) {
					session_write_close(); // Else the editor's next request waits for this one.
				}
				ignore_user_abort( true );
				$finish();
				return true;
			}
		}
		return false;
	}

	/** wp-cron.php ends its own response where it can; elsewhere (mod_php) an empty one lets the caller go. */
	private static function end_response() {
		if ( wp_doing_cron() && ! headers_sent() && ! function_exists( 'fastcgi_finish_request' ) && ! function_exists( 'litespeed_finish_request' ) && 'cli' !== PHP_SAPI ) {
			ignore_user_abort( true );
			header( 'Connection: close' );
			header( 'Content-Length: 0' );
			while ( ob_get_level() ) {
				ob_end_clean();
			}
			flush();
		}
	}

	private static function wake_cron() {
		$next   = wp_next_scheduled( self::EVENT );
		$barred = ( defined( 'DISABLE_WP_CRON' ) && DISABLE_WP_CRON ) || ( defined( 'ALTERNATE_WP_CRON' ) && ALTERNATE_WP_CRON );
		if ( $next && $next <= time() && ! $barred ) {
			add_action( 'http_api_curl', array( __CLASS__, 'hurry' ), 10, 3 );
			spawn_cron();
			remove_action( 'http_api_curl', array( __CLASS__, 'hurry' ) );
		}
	}

	/** WordPress' HTTP library waits for up to a second even where nobody wants the answer; wp-cron.php needs nobody. */
	public static function hurry( $handle, $request, $url ) {
		if ( false !== strpos( $url, 'doing_wp_cron' ) ) {
			curl_setopt_array( $handle, array( CURLOPT_NOSIGNAL => 1, CURLOPT_TIMEOUT_MS => self::WAKE_MS ) ); // phpcs:ignore WordPress.WP.AlternativeFunctions
		}
	}
}
