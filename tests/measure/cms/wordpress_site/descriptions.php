<?php
/** What other plugins do with a text: a description in the page's head, a reading time, related posts. */

add_action(
	'wp_head',
	function () {
		if ( is_singular() ) {
			$text = wp_strip_all_tags( apply_filters( 'the_content', get_post()->post_content ) );
			printf( '<meta property="og:description" content="%s">', esc_attr( $text ) );
		}
	}
);
add_filter(
	'the_content',
	function ( $content ) {
		static $inside = false;
		if ( $inside || ! is_singular() ) {
			return $content;
		}
		$inside  = true;
		$words   = str_word_count( wp_strip_all_tags( apply_filters( 'the_content', get_post()->post_content ) ) );
		$related = '';
		foreach ( get_posts( array( 'numberposts' => 3, 'exclude' => array( get_the_ID() ) ) ) as $post ) {
			$related .= '<div class="related">' . apply_filters( 'the_content', $post->post_content ) . get_the_excerpt( $post ) . '</div>';
		}
		$inside = false;
		return "<p class=\"reading-time\">$words words</p>$content$related";
	},
	90
);
