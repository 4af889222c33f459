<?php
/** What is entered on the settings page. */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Settings {

	const OPTION = 'listen_to_the_article';

	public static function all() {
		$usual = array( 'address' => '', 'secret' => '', 'site' => '', 'types' => 'post', 'key' => '' );
		return wp_parse_args( get_option( self::OPTION ), $usual );
	}

	public static function get( $name ) {
		return self::all()[ $name ];
	}

	/** Whether a delivery can be made at all. */
	public static function complete() {
		$all = self::all();
		return '' !== $all['address'] && '' !== $all['secret'];
	}

	/** Post types that are articles. */
	public static function types() {
		return array_values( array_filter( array_map( 'trim', explode( ',', self::get( 'types' ) ) ) ) );
	}

	/** The service's own address: what stands before /v1/webhooks/ in the hook's. */
	public static function base() {
		return explode( '/v1/webhooks/', self::get( 'address' ) )[0];
	}

	/** What was entered, or what was there before when it can't be right. */
	public static function checked( $given ) {
		$before  = self::all();
		$given   = is_array( $given ) ? $given : array();
		$address = esc_url_raw( trim( $given['address'] ?? '' ), array( 'https', 'http' ) );
		$secret  = trim( $given['secret'] ?? '' );
		$key     = trim( $given['key'] ?? '' );
		if ( '' === $secret ) {
			$secret = $before['secret']; // The page never shows it: an empty field keeps it.
		}
		if ( '' !== $key && '-' !== $key && ! preg_match( '~^ltk_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}$~', $key ) ) {
			self::refuse( 'key', say( 'The API key begins with ltk_: copy all of it.' ) );
			$key = '';
		}
		if ( ! preg_match( '~/v1/webhooks/wordpress/hook_[0-9a-z]+$~', $address ) ) {
			self::refuse( 'address', say( 'The address ends in /v1/webhooks/wordpress/hook_…: copy all of it.' ) );
			$address = $before['address'];
		}
		if ( ! preg_match( '~^whsec_[A-Za-z0-9+/]{32,100}={0,2}$~', $secret ) ) {
			self::refuse( 'secret', say( 'The secret begins with whsec_: copy all of it.' ) );
			$secret = $before['secret'];
		}
		return array(
			'address' => $address,
			'secret'  => $secret,
			'site'    => sanitize_text_field( $given['site'] ?? '' ),
			'types'   => sanitize_text_field( $given['types'] ?? '' ) ?: 'post',
			'key'     => '-' === $key ? '' : ( '' === $key ? $before['key'] : $key ),
		);
	}

	private static function refuse( $field, $message ) {
		add_settings_error( self::OPTION, $field, $message );
	}
}
