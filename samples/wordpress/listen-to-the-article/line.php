<?php
/** Requests to the service: signed, with short time limits, and none for a while after one that got no answer. */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Line {

	const OPTION       = 'listen_to_the_article_line';
	const TIMEOUT      = 5;  // Seconds for a delivery, which nobody waits for.
	const REST_SECONDS = 60; // No request of the whole site for so long after one without an answer.

	/** Send a signed message. Returns an Answer. */
	public static function send( $body ) {
		$settings   = Settings::all();
		$message_id = 'msg_' . bin2hex( random_bytes( 16 ) );
		$seconds    = (string) time();
		$key        = base64_decode( substr( $settings['secret'], strlen( 'whsec_' ) ), true );
		$signed     = hash_hmac( 'sha256', "$message_id.$seconds.$body", (string) $key, true );
		return self::request(
			$settings['address'],
			array(
				'method'  => 'POST',
				'headers' => array(
					'Content-Type'      => 'application/json',
					'webhook-id'        => $message_id,
					'webhook-timestamp' => $seconds,
					'webhook-signature' => 'v1,' . base64_encode( $signed ),
				),
				'body'    => $body,
			)
		);
	}

	/** Ask the service. `$path` begins with /v1/. Returns an Answer. */
	public static function ask( $path, $request = array() ) {
		return self::request( Settings::base() . $path, $request );
	}

	private static function request( $url, $request ) {
		$request += array( 'method' => 'GET', 'timeout' => self::TIMEOUT, 'redirection' => 0 );
		$found    = wp_remote_request( $url, $request );
		$answer   = new Answer();
		if ( is_wp_error( $found ) ) {
			$answer->error = $found->get_error_message();
		} else {
			$answer->code  = (int) wp_remote_retrieve_response_code( $found );
			$said          = json_decode( wp_remote_retrieve_body( $found ), true );
			$answer->said  = is_array( $said ) ? $said : array();
			$answer->date  = (string) wp_remote_retrieve_header( $found, 'date' );
			$answer->allow = (string) wp_remote_retrieve_header( $found, 'access-control-allow-origin' );
		}
		if ( $answer->absent() ) {
			self::rest( $answer->error );
		} else {
			self::note( array( 'rest_until' => 0 ) );
		}
		return $answer;
	}

	/** Whether requests are paused because the service didn't answer a short time ago. */
	public static function resting() {
		return self::notes()['rest_until'] > time();
	}

	private static function rest( $error ) {
		self::note( array( 'rest_until' => time() + self::REST_SECONDS, 'silent' => $error ) );
	}

	/** What is known of the line: `problem` (a sentence for editors, '' when it works), `checked_at`, `rest_until`. */
	public static function notes() {
		$usual = array( 'problem' => '', 'checked_at' => 0, 'rest_until' => 0, 'silent' => '', 'advice' => '' );
		return wp_parse_args( get_option( self::OPTION ), $usual );
	}

	public static function note( $notes ) {
		$before = self::notes();
		if ( array_merge( $before, $notes ) !== $before ) {
			update_option( self::OPTION, array_merge( $before, $notes ), false );
		}
	}
}

/** What the service answered. */
final class Answer {

	/** @var int 0: nothing. */
	public $code = 0;
	/** @var array The JSON in it. */
	public $said = array();
	/** @var string Why there is no answer. */
	public $error = '';
	/** @var string */
	public $date = '';
	/** @var string */
	public $allow = '';

	public function taken() {
		return $this->code >= 200 && $this->code < 300;
	}

	/** The service itself is the trouble, not what it was asked. */
	public function absent() {
		return 0 === $this->code || $this->code >= 500 || in_array( $this->code, array( 408, 429 ), true );
	}

	/** What is wrong, in words for editors; '' when nothing is. */
	public function problem() {
		$skew = '' === $this->date ? 0 : abs( time() - (int) strtotime( $this->date ) );
		if ( $this->taken() ) {
			$site = $this->said['site'] ?? null;
			$ours = Settings::get( 'site' );
			return is_string( $site ) && $site !== $ours
				? say( 'This address and secret belong to the site "%1$s", but "%2$s" is entered: enter "%1$s".', $site, $ours )
				: '';
		}
		if ( 0 === $this->code ) {
			return say( 'The service does not answer: %s', $this->error );
		}
		if ( 401 === $this->code ) {
			return $skew > 240
				? say( 'The clocks of this server and of the service differ by %d seconds: set the clock.', $skew )
				: say( 'The secret is wrong: copy it again from "tts-service hooks add wordpress".' );
		}
		if ( 404 === $this->code ) {
			return say( 'The service has no such webhook address: copy it again from "tts-service hooks add wordpress".' );
		}
		if ( $this->code >= 300 && $this->code < 400 ) {
			return say( 'The address leads elsewhere (HTTP %d): enter the final address, with https.', $this->code );
		}
		return say( 'The service answered with HTTP %1$d. %2$s', $this->code, (string) ( $this->said['detail'] ?? $this->said['message'] ?? '' ) );
	}
}
