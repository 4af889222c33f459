<?php
/** The body of a delivery: how a post stands, and its text where readers may hear it. */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Message {

	/**
	 * The body as JSON. Call within Anonymous::run. Throws what rendering throws.
	 *
	 * Nothing of a post that readers can't open goes in but its id, its type and its time of change; `$row->url` is the
	 * address it had while they could.
	 */
	public static function of( $state, $row ) {
		$post = $state->post;
		$data = array(
			'id'    => (int) $row->post_id,
			'type'  => $post ? $post->post_type : $row->post_type,
			'as_of' => self::moment( $state->as_of ),
		);
		if ( $post ) {
			$data['updated_at'] = self::utc( $post->post_modified_gmt, $post->post_modified );
		}
		$url = self::url( $state, $row );
		if ( '' !== $url ) {
			$data['url'] = $url;
		}
		if ( '' !== $state->visibility ) {
			$data['visibility'] = $state->visibility;
		}
		if ( State::PUBLISHED === $state->kind ) {
			$data += array(
				'title'        => $post->post_title,
				'html'         => Rendering::html_of( $post ),
				'author'       => get_the_author_meta( 'display_name', $post->post_author ),
				'language'     => Language::tag_of( $post ),
				'tags'         => self::tags( $post ),
				'section'      => self::section( $post ),
				'published_at' => self::utc( $post->post_date_gmt, $post->post_date ),
			);
		}
		$kind = State::PUBLISHED === $state->kind && State::PUBLISHED === $row->told_state ? 'updated' : $state->kind;
		$body = wp_json_encode( array( 'type' => "post.$kind", 'timestamp' => self::moment( $state->as_of ), 'data' => $data ) );
		if ( false === $body ) {
			throw new \RuntimeException( say( 'The post holds characters that are no text.' ) );
		}
		return $body;
	}

	/** Where readers find it, or found it; '' when they never could. */
	public static function url( $state, $row ) {
		$open = in_array( $state->kind, array( State::PUBLISHED, State::CLOSED ), true );
		return $open ? (string) get_permalink( $state->post ) : (string) $row->url;
	}

	private static function tags( $post ) {
		$tags = wp_get_post_tags( $post->ID, array( 'fields' => 'slugs' ) );
		return is_array( $tags ) ? $tags : array();
	}

	/** The name of its first category; null: it has none. */
	private static function section( $post ) {
		$categories = get_the_category( $post->ID );
		return $categories ? $categories[0]->name : null;
	}

	private static function moment( $seconds ) {
		$whole = (int) floor( $seconds );
		return gmdate( 'Y-m-d\TH:i:s', $whole ) . sprintf( '.%06dZ', (int) ( ( $seconds - $whole ) * 1000000 ) );
	}

	/** WordPress keeps UTC without a zone, and none at all for what was never published. */
	private static function utc( $gmt, $local ) {
		if ( '' === (string) $gmt || 0 === strpos( $gmt, '0000' ) ) {
			$gmt = get_gmt_from_date( $local );
		}
		return str_replace( ' ', 'T', $gmt ) . 'Z';
	}
}
