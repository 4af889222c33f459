<?php
/** Works off the queue: one delivery after another, until nothing is due or the service doesn't answer. */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Sending {

	const WAITS     = array( 60, 300, 1800, 7200 ); // Seconds between the first tries.
	const LONG_WAIT = 21600; // Between later ones, and where the service refuses: an editor has to mend that.
	const OFTEN     = 24;    // After so many tries (5 days) once a day. It never gives up: a closed text may be at stake.
	const BUDGET    = 25;    // Seconds for one run.

	/** `$may_render`: false in wp-admin, where only what needs no text is sent. */
	public static function run( $may_render ) {
		if ( ! Settings::complete() ) {
			return;
		}
		if ( ! Line::resting() && Queue::lock() ) {
			try {
				self::work( $may_render, time() + self::BUDGET );
			} finally {
				Queue::unlock();
			}
		}
		Schedule::next();
	}

	private static function work( $may_render, $until ) {
		$seen = array();
		while ( time() < $until ) {
			$rows = array_filter(
				Queue::due( 10 + count( $seen ) ),
				function ( $row ) use ( $seen ) {
					return ( $seen[ $row->post_id ] ?? '' ) !== $row->marks;
				}
			);
			foreach ( $rows as $row ) {
				if ( time() >= $until ) {
					return;
				}
				$seen[ $row->post_id ] = $row->marks;
				Queue::keep_lock();
				if ( ! self::tell( $row, $may_render ) ) {
					return;
				}
			}
			if ( ! $rows ) {
				break;
			}
		}
		Clips::look( $until );
	}

	/** Tell how one post stands. False: the service doesn't answer, so that nothing else needs to be tried now. */
	private static function tell( $row, $may_render ) {
		try {
			list( $state, $url, $body ) = Anonymous::run(
				get_post( $row->post_id ),
				function () use ( $row, $may_render ) {
					$state = State::read( $row->post_id );
					if ( State::PUBLISHED === $state->kind && ! $may_render ) {
						return array( null, '', '' );
					}
					return array( $state, Message::url( $state, $row ), Message::of( $state, $row ) );
				}
			);
		} catch ( \Throwable $error ) {
			Queue::failed( $row, say( 'The text could not be rendered: %s', $error->getMessage() ), self::wait( $row ) );
			return true;
		}
		if ( null === $state ) {
			return true;
		}
		$answer  = Line::send( $body );
		$problem = $answer->problem();
		if ( $answer->taken() ) {
			Queue::told( $row, $state, $url );
		} else {
			Queue::failed( $row, $problem, $answer->absent() ? self::wait( $row ) : self::LONG_WAIT );
		}
		if ( ! $answer->absent() && ! in_array( $answer->code, array( 400, 413, 415 ), true ) ) {
			Line::note( array( 'problem' => $problem ) ); // What is wrong with one post says nothing of the line.
		}
		return ! $answer->absent();
	}

	/** Seconds until the next try. */
	private static function wait( $row ) {
		$tries = (int) $row->tries;
		if ( $tries < count( self::WAITS ) ) {
			return self::WAITS[ $tries ];
		}
		return $tries < self::OFTEN ? self::LONG_WAIT : DAY_IN_SECONDS;
	}
}
