<?php
/** A small membership plugin, as a site would have one: posts with the meta field members_only are for signed-in readers. */

add_action(
	'init',
	function () {
		register_post_meta( 'post', 'members_only', array( 'type' => 'boolean', 'single' => true, 'show_in_rest' => true ) );
	}
);
add_filter(
	'listen_to_the_article_visibility',
	function ( $visibility, $post ) {
		return get_post_meta( $post->ID, 'members_only', true ) ? 'members' : $visibility;
	},
	10,
	2
);
add_filter(
	'listen_to_the_article_may_listen',
	function ( $may, $post ) {
		return get_post_meta( $post->ID, 'members_only', true ) ? is_user_logged_in() : $may;
	},
	10,
	2
);
add_filter(
	'the_content',
	function ( $content ) {
		$closed = get_post_meta( get_the_ID(), 'members_only', true ) && ! is_user_logged_in();
		return $closed ? '<p class="sign-in">Please sign in to read this article.</p>' : $content;
	},
	100
);
// Text that differs between readers who are signed in and others.
add_shortcode(
	'members',
	function ( $attributes, $content = '' ) {
		return is_user_logged_in() ? $content : '';
	}
);
