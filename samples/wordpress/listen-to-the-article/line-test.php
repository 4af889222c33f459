<?php
/** "Test the line": from this site to the service and back, told in words. Runs when the settings are saved, too. */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Line_Test {

	/** Try address, secret, site, origin and key. Returns array( array( 'ok' => bool, 'text' => string ), … ). */
	public static function run() {
		if ( ! Settings::complete() ) {
			return array( self::line( false, say( 'Enter the address and the secret first.' ) ) );
		}
		$lines   = array();
		$answer  = self::ping();
		$problem = $answer->problem();
		if ( '' === $problem && '' === Settings::get( 'site' ) ) {
			$problem = say( 'Enter the site: readers\' pages ask for the audio by it.' );
		}
		if ( '' !== $problem ) {
			$lines[] = self::line( false, $problem );
		} else {
			$lines[] = self::line( true, isset( $answer->said['site'] )
				? say( 'A signed delivery reached the service, and address, secret and site belong together.' )
				: say( 'A signed delivery reached the service. It does not say which site it belongs to: compare the site with what "tts-service hooks list" shows.' ) );
		}
		if ( $answer->taken() ) {
			$lines = array_merge( $lines, self::readers(), self::key() );
			Queue::hurry();
			Schedule::soon();
		}
		Line::note( array( 'problem' => $problem, 'checked_at' => time() ) );
		return $lines;
	}

	/** A type that the service takes for nothing to act on. */
	private static function ping() {
		return Line::send( wp_json_encode( array( 'type' => 'ping', 'timestamp' => gmdate( 'c' ), 'data' => (object) array() ) ) );
	}

	/** Whether the player on this site's pages gets its answers. */
	private static function readers() {
		$origin = self::origin();
		$query  = http_build_query( array( 'site' => Settings::get( 'site' ), 'article' => '0' ), '', '&' );
		$answer = Line::ask( "/v1/clips?$query", array( 'headers' => array( 'Origin' => $origin ) ) );
		if ( 200 !== $answer->code || ! isset( $answer->said['clips'] ) ) {
			return array( self::line( false, say( 'Readers\' pages cannot ask for audio: %s', $answer->problem() ) ) );
		}
		if ( ! in_array( $answer->allow, array( '*', $origin ), true ) ) {
			return array( self::line( false, say( 'The service does not let pages of %1$s play audio yet. Enter on the service: tts-service sites origins %2$s %1$s', $origin, Settings::get( 'site' ) ) ) );
		}
		return array( self::line( true, say( 'Pages of %s may play audio.', $origin ) ) );
	}

	/** Whether the API key gives grants for this site. */
	private static function key() {
		if ( '' === Settings::get( 'key' ) ) {
			return array( self::line( true, say( 'No API key is entered: posts that are not public have no audio.' ) ) );
		}
		$answer = Line::ask(
			'/v1/articles/' . rawurlencode( Settings::get( 'site' ) ) . '/0/grants',
			array( 'method' => 'POST', 'headers' => array( 'Authorization' => 'Bearer ' . Settings::get( 'key' ), 'Content-Type' => 'application/json' ), 'body' => '{"life_s":60}' )
		);
		return in_array( $answer->code, array( 201, 404 ), true ) // 404: there is no post 0, but the key was accepted.
			? array( self::line( true, say( 'The API key is accepted.' ) ) )
			: array( self::line( false, say( 'The API key is refused (HTTP %1$d): make one with tts-service keys add wordpress --scopes clips:grant --site %2$s', $answer->code, Settings::get( 'site' ) ) ) );
	}

	private static function origin() {
		$parts = wp_parse_url( home_url() );
		return $parts['scheme'] . '://' . $parts['host'] . ( isset( $parts['port'] ) ? ':' . $parts['port'] : '' );
	}

	private static function line( $ok, $text ) {
		return array( 'ok' => $ok, 'text' => $text );
	}
}
