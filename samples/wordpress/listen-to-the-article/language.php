<?php
/** The language of a post: its own, never that of the editor's profile. */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Language {

	/** WordPress' name of the post's locale, such as de_DE_formal: by Polylang, by WPML, else the site's. */
	public static function locale_of( $post ) {
		$locale = '';
		if ( function_exists( 'pll_get_post_language' ) ) {
			$locale = (string) pll_get_post_language( $post->ID, 'locale' );
		}
		if ( '' === $locale ) {
			$details = apply_filters( 'wpml_post_language_details', null, $post->ID );
			$locale  = is_array( $details ) ? (string) ( $details['locale'] ?? '' ) : '';
		}
		// Not get_bloginfo( 'language' ): in an editor's request that is the language of the editor's profile.
		return '' !== $locale ? $locale : get_locale();
	}

	/** The BCP 47 tag: de_DE_formal → de-DE. */
	public static function tag_of( $post ) {
		$parts = explode( '_', self::locale_of( $post ) );
		$tag   = implode( '-', array_slice( $parts, 0, 2 ) );
		return (string) apply_filters( 'listen_to_the_article_language', $tag, $post );
	}
}
