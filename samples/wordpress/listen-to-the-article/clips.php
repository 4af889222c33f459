<?php
/** What became of the audio: looked up in the background after a delivery, for editors and for readers without scripts. */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Clips {

	const FIRST_LOOK = 20;                              // Seconds after the delivery.
	const WAITS      = array( 60, 300, 1800, 21600 );   // Seconds between the next looks, until it is ready.

	/** Look up what is due. Stops when the service doesn't answer. */
	public static function look( $until ) {
		foreach ( Queue::to_look( 20 ) as $row ) {
			if ( time() >= $until || Line::resting() ) {
				return;
			}
			Queue::keep_lock();
			self::look_at( $row );
		}
	}

	private static function look_at( $row ) {
		$post = get_post( $row->post_id );
		if ( ! $post || 'public' !== State::visibility( $post ) ) {
			Queue::looked( $row->post_id, 'guarded', '', 0 ); // Only a grant opens it: Grants knows.
			return;
		}
		$query  = http_build_query( array( 'site' => Settings::get( 'site' ), 'article' => $row->post_id ), '', '&' );
		$answer = Line::ask( "/v1/clips?$query" );
		$waits  = self::WAITS;
		$next   = isset( $waits[ (int) $row->looks ] ) ? time() + $waits[ (int) $row->looks ] : 0;
		if ( 200 !== $answer->code ) {
			Queue::looked( $row->post_id, (string) $row->clip_state, (string) $row->clip_page, $next );
			return;
		}
		$clip  = $answer->said['clips'][0] ?? array();
		$state = (string) ( $clip['state'] ?? 'none' );
		Queue::looked( $row->post_id, $state, (string) ( $clip['listen_url'] ?? '' ), in_array( $state, array( 'ready', 'failed' ), true ) ? 0 : $next );
	}
}
