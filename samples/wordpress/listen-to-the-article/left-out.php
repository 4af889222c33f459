<?php
/** Blocks and shortcodes that aren't spoken: navigation, lists of other posts, forms, repetitions, figures of the site. */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Left_Out {

	const BLOCKS = array(
		// Widgets.
		'core/archives', 'core/calendar', 'core/categories', 'core/latest-comments', 'core/latest-posts', 'core/legacy-widget',
		'core/loginout', 'core/page-list', 'core/rss', 'core/search', 'core/social-link', 'core/social-links', 'core/tag-cloud',
		'core/widget-group',
		// Navigation and the frame of a page.
		'core/navigation', 'core/navigation-link', 'core/navigation-submenu', 'core/home-link', 'core/read-more',
		'core/post-navigation-link', 'core/site-logo', 'core/site-tagline', 'core/site-title', 'core/table-of-contents',
		// Other posts.
		'core/query', 'core/post-template', 'core/query-pagination', 'core/query-no-results', 'core/query-title',
		// About the post, not in it.
		'core/avatar', 'core/post-author', 'core/post-author-biography', 'core/post-author-name', 'core/post-date',
		'core/post-terms', 'core/post-time-to-read', 'core/term-description',
		// Comments.
		'core/comments', 'core/comments-query-loop', 'core/comments-title', 'core/comment-template', 'core/post-comments',
		'core/post-comments-count', 'core/post-comments-form', 'core/post-comments-link',
		// A pull quote repeats what the text says anyway.
		'core/pullquote',
		// The same from widely used plugins.
		'yoast-seo/table-of-contents', 'yoast-seo/estimated-reading-time', 'yoast-seo/breadcrumbs', 'yoast-seo/related-links',
		'rank-math/toc-block', 'aioseo/table-of-contents', 'aioseo/breadcrumbs', 'simpletoc/toc', 'luckywp/tableofcontents',
		'jetpack/related-posts', 'jetpack/sharing-buttons', 'jetpack/subscriptions', 'jetpack/mailchimp', 'jetpack/like',
		'jetpack/contact-form', 'jetpack/top-posts', 'mailpoet/subscription-form-block', 'mailerlite/form-block',
		'mailchimp-for-wp/form', 'molongui/author-box', 'co-authors-plus/coauthors', 'contact-form-7/contact-form-selector',
	);

	const SHORTCODES = array(
		'toc', 'ez-toc', 'lwptoc', 'rank_math_toc', 'contents', 'rt_reading_time', 'reading_time', 'yoast-breadcrumb',
		'post-views', 'views', 'related_posts', 'jetpack-related-posts', 'yarpp', 'author_box', 'molongui_author_box', 'mc4wp_form',
		'mailpoet_form', 'newsletter', 'newsletter_form', 'subscribe', 'contact-form-7', 'gravityform', 'ninja_form', 'wpforms',
		'addtoany', 'social_warfare', 'wp-login-form', 'loginout', 'login_form',
	);

	/** Return what `$render` returns, with these blocks and shortcodes empty while it runs. */
	public static function during( $post, callable $render ) {
		$blocks     = (array) apply_filters( 'listen_to_the_article_left_out_blocks', self::BLOCKS, $post );
		$shortcodes = (array) apply_filters( 'listen_to_the_article_left_out_shortcodes', self::SHORTCODES, $post );

		$before = function ( $html, $block ) use ( $blocks ) {
			return in_array( $block['blockName'] ?? '', $blocks, true ) ? '' : $html;
		};
		$tag = function ( $html, $name ) use ( $shortcodes ) {
			return in_array( $name, $shortcodes, true ) ? '' : $html;
		};
		add_filter( 'pre_render_block', $before, PHP_INT_MAX, 2 );
		add_filter( 'render_block', $before, PHP_INT_MAX, 2 ); // WordPress before 5.9 asks the first filter for outer blocks only.
		add_filter( 'pre_do_shortcode_tag', $tag, PHP_INT_MAX, 2 );
		try {
			return $render();
		} finally {
			remove_filter( 'pre_render_block', $before, PHP_INT_MAX );
			remove_filter( 'render_block', $before, PHP_INT_MAX );
			remove_filter( 'pre_do_shortcode_tag', $tag, PHP_INT_MAX );
		}
	}
}
