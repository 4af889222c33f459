<?php
/** Notices every way in which a post changes, and marks it: what it became is read when it is sent. */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Changes {

	/** @var array post id → its public address before the change. */
	private static $were_public = array();
	/** @var array post id → true: its meta changed. */
	private static $described = array();

	public static function begin() {
		add_action( 'pre_post_update', array( __CLASS__, 'remember' ) );
		add_action( 'before_delete_post', array( __CLASS__, 'remember' ) );
		add_action( 'transition_post_status', array( __CLASS__, 'moved' ), 10, 3 );
		add_action( 'wp_after_insert_post', array( __CLASS__, 'saved' ), 10, 2 ); // After terms and meta are stored.
		add_action( 'after_delete_post', array( __CLASS__, 'saved' ), 10, 2 );
		foreach ( array( 'added_post_meta', 'updated_post_meta', 'deleted_post_meta' ) as $action ) {
			add_action( $action, array( __CLASS__, 'described' ), 10, 3 );
		}
		add_action( 'shutdown', array( __CLASS__, 'compare_described' ) );
		add_action( 'listen_to_the_article_again', array( __CLASS__, 'left_by_1_0' ), 10, 2 );
	}

	/** Before it changes: where readers find it now. */
	public static function remember( $post_id ) {
		$post = get_post( $post_id );
		if ( $post && State::viewable( $post ) ) {
			self::$were_public[ $post_id ] = (string) get_permalink( $post );
		}
	}

	public static function moved( $new, $old, $post ) {
		if ( is_post_status_viewable( $new ) !== is_post_status_viewable( $old ) ) {
			self::mark( $post, true );
		}
	}

	public static function saved( $post_id, $post ) {
		self::mark( $post, false );
	}

	/** Membership plugins keep in meta who may read; it may be stored without the post being saved. */
	public static function described( $meta_id, $post_id, $key ) {
		if ( is_user_logged_in() && 0 !== strpos( $key, '_edit_' ) ) {
			self::$described[ $post_id ] = true;
		}
	}

	/** At the end of the request: whether one of them now stands otherwise than the service knows. */
	public static function compare_described() {
		foreach ( array_keys( self::$described ) as $post_id ) {
			$row = Queue::row( $post_id );
			if ( $row && Daily::differs( $row ) ) {
				self::mark_row( $row );
			}
		}
		self::$described = array();
	}

	/** A post that the table knows must be told again. */
	public static function mark_row( $row ) {
		if ( Queue::mark( $row->post_id, $row->post_type ) ) {
			Schedule::soon();
		}
	}

	/** Version 1.0 has scheduled a second delivery that would send what it finds: this one reads how the post stands. */
	public static function left_by_1_0( $kind, $post_id ) {
		if ( Queue::mark( $post_id, get_post_type( $post_id ) ?: Settings::types()[0] ) ) {
			Schedule::soon();
		}
	}

	/** `$crossed`: it became public, or was until now. Nothing is told of what was never public. */
	private static function mark( $post, $crossed ) {
		if ( wp_is_post_revision( $post ) || wp_is_post_autosave( $post ) || 'auto-draft' === $post->post_status ) {
			return;
		}
		$url   = self::$were_public[ $post->ID ] ?? '';
		$known = '' !== $url || State::viewable( $post );
		if ( ! $known && ! ( $crossed && in_array( $post->post_type, Settings::types(), true ) ) && ! Queue::row( $post->ID ) ) {
			return;
		}
		if ( Queue::mark( $post->ID, $post->post_type, $url ) ) {
			Schedule::soon();
		}
	}
}
