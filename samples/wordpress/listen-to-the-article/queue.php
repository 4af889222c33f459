<?php
/**
 * The table of posts: which must be told to the service, and what the service knows of each.
 *
 * One row per post. It keeps no text and no state to send: a delivery reads the post. A post that was told stays in the
 * table with `pending` 0, so that editors see how its last delivery went and the daily check can compare.
 */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Queue {

	const VERSION        = '1';
	const VERSION_OPTION = 'listen_to_the_article_table';
	const SINCE_OPTION   = 'listen_to_the_article_since';
	const LOCK_SECONDS   = 60;
	const LOCK_ROW       = 0; // No post has this id: who holds this row sends.

	/** Of the site that is current: each site of a network has its own. */
	public static function name() {
		global $wpdb;
		return $wpdb->prefix . 'listen_to_the_article';
	}

	/** Create the table the first time; false: it can't be created. */
	public static function ready() {
		global $wpdb;
		if ( self::VERSION === get_option( self::VERSION_OPTION ) ) {
			return true;
		}
		if ( ! function_exists( 'dbDelta' ) ) {
			require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		}
		$name = self::name();
		dbDelta(
			"CREATE TABLE $name (
post_id bigint(20) unsigned NOT NULL,
post_type varchar(20) NOT NULL DEFAULT '',
url varchar(2000) NOT NULL DEFAULT '',
marks bigint(20) unsigned NOT NULL DEFAULT 0,
pending tinyint(1) NOT NULL DEFAULT 0,
due_at bigint(20) NOT NULL DEFAULT 0,
held_until bigint(20) NOT NULL DEFAULT 0,
tries int(11) NOT NULL DEFAULT 0,
error varchar(500) NOT NULL DEFAULT '',
told_state varchar(20) NOT NULL DEFAULT '',
told_print varchar(32) NOT NULL DEFAULT '',
told_at bigint(20) NOT NULL DEFAULT 0,
look_at bigint(20) NOT NULL DEFAULT 0,
looks int(11) NOT NULL DEFAULT 0,
looked_at bigint(20) NOT NULL DEFAULT 0,
clip_state varchar(20) NOT NULL DEFAULT '',
clip_page varchar(500) NOT NULL DEFAULT '',
PRIMARY KEY  (post_id),
KEY due (pending,due_at),
KEY look (look_at)
) {$wpdb->get_charset_collate()};"
		);
		if ( ! self::insert( self::LOCK_ROW, '' ) && ! self::row( self::LOCK_ROW ) ) {
			return false;
		}
		add_option( self::SINCE_OPTION, gmdate( 'Y-m-d H:i:s' ), '', false );
		update_option( self::VERSION_OPTION, self::VERSION );
		return true;
	}

	/** This post must be told. `$url`: where readers found it, '' when it has no public address. */
	public static function mark( $post_id, $post_type, $url = '' ) {
		global $wpdb;
		if ( ! self::ready() ) {
			return false;
		}
		if ( ! self::row( $post_id ) ) {
			self::insert( $post_id, $post_type );
		}
		self::change( $post_id, 'marks = marks + 1, pending = 1, tries = 0, due_at = %d', time() );
		if ( '' !== $url ) {
			self::change( $post_id, 'url = %s', $url );
		}
		return true;
	}

	private static function insert( $post_id, $post_type ) {
		global $wpdb;
		$quiet = $wpdb->suppress_errors( true ); // Another request may insert it first.
		$done  = $wpdb->insert( self::name(), array( 'post_id' => $post_id, 'post_type' => $post_type ) );
		$wpdb->suppress_errors( $quiet );
		return (bool) $done;
	}

	private static function change( $post_id, $set, ...$values ) {
		global $wpdb;
		$values[] = $post_id;
		// phpcs:ignore WordPress.DB.PreparedSQL -- The table's name and columns are ours.
		return (int) $wpdb->query( $wpdb->prepare( 'UPDATE ' . self::name() . " SET $set WHERE post_id = %d", $values ) );
	}

	/** The service has taken what was told; it stays pending if the post was marked again since `$row` was read. */
	public static function told( $row, $state, $url ) {
		$look = State::PUBLISHED === $state->kind ? time() + Clips::FIRST_LOOK : 0;
		self::change(
			$row->post_id,
			"told_state = %s, told_print = %s, told_at = %d, error = '', tries = 0, url = %s, look_at = %d, looks = 0, clip_state = '', clip_page = ''",
			$state->kind,
			$state->fingerprint(),
			time(),
			$url,
			$look
		);
		self::settle( $row );
	}

	/** Nothing more to tell of it, unless it was marked again meanwhile. */
	public static function settle( $row ) {
		global $wpdb;
		// phpcs:ignore WordPress.DB.PreparedSQL
		$wpdb->query( $wpdb->prepare( 'UPDATE ' . self::name() . ' SET pending = 0 WHERE post_id = %d AND marks = %d', $row->post_id, $row->marks ) );
	}

	/** It stays pending and is tried again after `$wait` seconds, at once if it was marked again meanwhile. */
	public static function failed( $row, $error, $wait ) {
		global $wpdb;
		self::change( $row->post_id, 'error = %s', mb_substr( $error, 0, 500 ) );
		// phpcs:ignore WordPress.DB.PreparedSQL
		$wpdb->query( $wpdb->prepare( 'UPDATE ' . self::name() . ' SET tries = tries + 1, due_at = %d WHERE post_id = %d AND marks = %d', time() + $wait, $row->post_id, $row->marks ) );
	}

	/** Everything that waits is due now: somebody has mended the line. */
	public static function hurry() {
		global $wpdb;
		if ( self::ready() ) {
			// phpcs:ignore WordPress.DB.PreparedSQL
			$wpdb->query( $wpdb->prepare( 'UPDATE ' . self::name() . ' SET due_at = %d WHERE pending = 1', time() ) );
		}
	}

	public static function looked( $post_id, $clip_state, $clip_page, $look_at ) {
		self::change( $post_id, 'clip_state = %s, clip_page = %s, looked_at = %d, look_at = %d, looks = looks + 1', $clip_state, $clip_page, time(), $look_at );
	}

	public static function look_soon( $post_id ) {
		self::change( $post_id, 'look_at = %d, looks = 0', time() );
	}

	/** Only one process sends at a time. */
	public static function lock() {
		global $wpdb;
		if ( ! self::ready() ) {
			return false;
		}
		// phpcs:ignore WordPress.DB.PreparedSQL
		return 1 === (int) $wpdb->query( $wpdb->prepare( 'UPDATE ' . self::name() . ' SET held_until = %d WHERE post_id = 0 AND held_until < %d', time() + self::LOCK_SECONDS, time() ) );
	}

	public static function keep_lock() {
		self::change( self::LOCK_ROW, 'held_until = %d', time() + self::LOCK_SECONDS );
	}

	public static function unlock() {
		self::change( self::LOCK_ROW, 'held_until = 0' );
	}

	public static function row( $post_id ) {
		$rows = self::select( 'post_id = %d', $post_id );
		return $rows[0] ?? null;
	}

	/** Those that are due, the longest waiting first. */
	public static function due( $limit ) {
		return self::select( 'pending = 1 AND due_at <= %d ORDER BY due_at, post_id LIMIT %d', time(), $limit );
	}

	public static function to_look( $limit ) {
		return self::select( 'look_at > 0 AND look_at <= %d AND pending = 0 ORDER BY look_at LIMIT %d', time(), $limit );
	}

	/** Told ones with a higher id than `$after`. */
	public static function settled( $after, $limit ) {
		return self::select( "post_id > %d AND pending = 0 AND told_state <> '' ORDER BY post_id LIMIT %d", $after, $limit );
	}

	/** When something is due next: seconds since 1970; 0: never. */
	public static function next_time() {
		global $wpdb;
		$name = self::name();
		// phpcs:disable WordPress.DB.PreparedSQL
		$times = array(
			(int) $wpdb->get_var( "SELECT MIN(due_at) FROM $name WHERE pending = 1" ),
			(int) $wpdb->get_var( "SELECT MIN(look_at) FROM $name WHERE look_at > 0 AND pending = 0" ),
		);
		// phpcs:enable
		$times = array_filter( $times );
		return $times ? min( $times ) : 0;
	}

	public static function waiting() {
		global $wpdb;
		// phpcs:ignore WordPress.DB.PreparedSQL
		return self::VERSION === get_option( self::VERSION_OPTION ) ? (int) $wpdb->get_var( 'SELECT COUNT(*) FROM ' . self::name() . ' WHERE pending = 1' ) : 0;
	}

	private static function select( $where, ...$values ) {
		global $wpdb;
		if ( self::VERSION !== get_option( self::VERSION_OPTION ) ) {
			if ( ! array_key_exists( 0, $values ) || self::LOCK_ROW !== $values[0] ) {
				return array(); // The table isn't there yet.
			}
		}
		// phpcs:ignore WordPress.DB.PreparedSQL
		return (array) $wpdb->get_results( $wpdb->prepare( 'SELECT * FROM ' . self::name() . " WHERE $where", $values ) );
	}
}
