<?php
/** Once a day: do the posts stand as the service knows them? Finds what was changed past WordPress, such as by SQL. */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Daily {

	const EVENT   = 'listen_to_the_article_daily';
	const MORE    = 'listen_to_the_article_daily_more';
	const AFTER   = 'listen_to_the_article_daily_after'; // Option: the last post looked at.
	const AT_ONCE = 200;
	const PAUSE   = 300; // Seconds between two parts.

	public static function begin() {
		add_action( 'init', array( __CLASS__, 'keep_scheduled' ) );
		add_action( self::EVENT, array( __CLASS__, 'run' ) );
		add_action( self::MORE, array( __CLASS__, 'run' ) );
	}

	public static function keep_scheduled() {
		if ( Settings::complete() && ! wp_next_scheduled( self::EVENT ) ) {
			wp_schedule_event( time() + HOUR_IN_SECONDS, 'daily', self::EVENT );
		}
	}

	/** Settings were changed: what is audible by them may have changed, too. */
	public static function run_soon() {
		update_option( self::AFTER, 0, false );
		wp_schedule_single_event( time(), self::MORE );
	}

	/** Compare one part; the next part follows in some minutes. */
	public static function run() {
		if ( ! Settings::complete() || ! Queue::ready() ) {
			return;
		}
		$after = (int) get_option( self::AFTER, 0 );
		$rows  = Queue::settled( $after, self::AT_ONCE );
		_prime_post_caches( wp_list_pluck( $rows, 'post_id' ), false, false );
		foreach ( $rows as $row ) {
			if ( self::differs( $row ) ) {
				Changes::mark_row( $row );
			}
			$after = (int) $row->post_id;
		}
		$more = count( $rows ) === self::AT_ONCE;
		update_option( self::AFTER, $more ? $after : 0, false );
		if ( ! $more ) {
			$more = self::mark_unknown() === self::AT_ONCE;
		}
		if ( $more ) {
			wp_schedule_single_event( time() + self::PAUSE, self::MORE );
		}
	}

	/** Whether a post that was told stands otherwise by now. */
	public static function differs( $row ) {
		if ( (int) $row->pending || '' === $row->told_state ) {
			return false;
		}
		$state = Anonymous::run(
			null,
			function () use ( $row ) {
				return State::read( $row->post_id );
			}
		);
		return $state->fingerprint() !== $row->told_print;
	}

	/** Posts published since the plugin came that nobody told it of, such as by an importer. How many there were. */
	private static function mark_unknown() {
		global $wpdb;
		$types = Settings::types();
		$marks = implode( ',', array_fill( 0, count( $types ), '%s' ) );
		$table = Queue::name();
		// phpcs:disable WordPress.DB -- The table's name is ours; this runs once a day.
		$found = $wpdb->get_results(
			$wpdb->prepare(
				"SELECT p.ID, p.post_type FROM $wpdb->posts p LEFT JOIN $table q ON q.post_id = p.ID WHERE q.post_id IS NULL"
				. " AND p.post_status = 'publish' AND p.post_type IN ($marks) AND p.post_date_gmt >= %s ORDER BY p.ID LIMIT %d",
				array_merge( $types, array( (string) get_option( Queue::SINCE_OPTION ), self::AT_ONCE ) )
			)
		);
		// phpcs:enable
		foreach ( $found as $post ) {
			if ( Queue::mark( $post->ID, $post->post_type ) ) {
				Schedule::soon();
			}
		}
		return count( $found );
	}
}
