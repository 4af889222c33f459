<?php
/** How a post stands at this moment: public, closed, unpublished or deleted. */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class State {

	const PUBLISHED   = 'published';
	const CLOSED      = 'closed';
	const UNPUBLISHED = 'unpublished';
	const DELETED     = 'deleted';

	/** @var string */
	public $kind;
	/** @var string Who it is for; '' where nobody may read it. */
	public $visibility = '';
	/** @var \WP_Post|null */
	public $post;
	/** @var float When it was read: seconds since 1970. */
	public $as_of;

	/** Read it from the database, whatever a cache still says. */
	public static function read( $post_id ) {
		$state        = new self();
		$state->as_of = microtime( true ); // Before the read: a change after it counts as newer.
		wp_cache_delete( $post_id, 'posts' );
		wp_cache_delete( $post_id, 'post_meta' );
		$state->post = get_post( $post_id );
		if ( ! $state->post ) {
			$state->kind = self::DELETED;
		} elseif ( ! self::viewable( $state->post ) ) {
			$state->kind = self::UNPUBLISHED;
		} else {
			$state->visibility = self::visibility( $state->post );
			$audible           = 'public' === $state->visibility || '' !== Settings::get( 'key' );
			$state->kind       = $audible ? self::PUBLISHED : self::CLOSED;
		}
		return $state;
	}

	/** Whether its page can be opened by anybody: an article, published, not private, scheduled or in the trash. */
	public static function viewable( $post ) {
		return in_array( $post->post_type, Settings::types(), true )
			&& is_post_type_viewable( $post->post_type ) && is_post_status_viewable( $post->post_status );
	}

	/** `public`, or who else it is for. */
	public static function visibility( $post ) {
		$usual = '' === (string) $post->post_password ? 'public' : 'password';
		$told  = (string) apply_filters( 'listen_to_the_article_visibility', $usual, $post );
		// A filter that knows members only says "public" of everything else: that doesn't lift a password.
		return 'public' === $told ? $usual : $told;
	}

	/** The same for two equal states: tells whether what the service knows is still true. */
	public function fingerprint() {
		$changed = $this->post ? $this->post->post_modified_gmt : '';
		return md5( "$this->kind|$this->visibility|" . ( self::PUBLISHED === $this->kind ? $changed : '' ) );
	}
}
