<?php
/** Tells editors in wp-admin that the line to the service doesn't work, until it does. */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Notices {

	public static function begin() {
		add_action( 'admin_notices', array( __CLASS__, 'show' ) );
	}

	public static function show() {
		if ( ! current_user_can( 'edit_posts' ) ) {
			return;
		}
		$notes = Line::notes();
		if ( '' !== $notes['problem'] ) {
			self::notice( 'error', say( 'Listen to the article does not work: %s', $notes['problem'] ) );
		} elseif ( Line::resting() && Queue::waiting() ) {
			self::notice( 'warning', say( 'Listen to the article: the service does not answer. %d posts are sent as soon as it does.', Queue::waiting() ) );
		} elseif ( Settings::complete() && ! Queue::ready() ) {
			self::notice( 'error', say( 'Listen to the article cannot create its table in the database.' ) );
		}
	}

	private static function notice( $kind, $text ) {
		$link = current_user_can( 'manage_options' )
			? sprintf( ' <a href="%s">%s</a>', esc_url( Settings_Page::url() ), esc_html( say( 'Settings' ) ) )
			: '';
		printf( '<div class="notice notice-%s"><p>%s%s</p></div>', esc_attr( $kind ), esc_html( $text ), $link ); // phpcs:ignore WordPress.Security.EscapeOutput
	}
}
