<?php
/** What editors see of each post's audio: a column in the list, a panel beside the text, and "Send again". */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Editors {

	const COLUMN = 'listen_to_the_article';
	const AGAIN  = 'listen_to_the_article_send_again';
	const PANEL  = 'listen_to_the_article_panel';

	public static function begin() {
		add_action( 'admin_init', array( __CLASS__, 'add_columns' ) );
		add_action( 'admin_head-edit.php', array( __CLASS__, 'set_width' ) );
		add_action( 'add_meta_boxes', array( __CLASS__, 'add_panel' ) );
		add_action( 'admin_post_' . self::AGAIN, array( __CLASS__, 'send_again' ) );
		add_action( 'wp_ajax_' . self::PANEL, array( __CLASS__, 'answer_panel' ) );
	}

	public static function add_columns() {
		foreach ( Settings::types() as $type ) {
			add_filter( "manage_{$type}_posts_columns", array( __CLASS__, 'with_column' ) );
			add_action( "manage_{$type}_posts_custom_column", array( __CLASS__, 'show_column' ), 10, 2 );
		}
	}

	public static function with_column( $columns ) {
		return $columns + array( self::COLUMN => say( 'Audio' ) );
	}

	public static function set_width() {
		printf( '<style>.column-%s { width: 15em; }</style>', esc_html( self::COLUMN ) );
	}

	public static function show_column( $column, $post_id ) {
		if ( self::COLUMN === $column ) {
			echo self::summary( get_post( $post_id ) ); // phpcs:ignore WordPress.Security.EscapeOutput -- Escaped there.
		}
	}

	public static function add_panel() {
		foreach ( Settings::types() as $type ) {
			add_meta_box( self::PANEL, say( 'Listen to the article' ), array( __CLASS__, 'show_panel' ), $type, 'side', 'high' );
		}
	}

	/** The block editor saves without loading the page again: the panel asks from time to time. */
	public static function show_panel( $post ) {
		$url = add_query_arg( array( 'action' => self::PANEL, 'post' => $post->ID, '_wpnonce' => wp_create_nonce( self::PANEL . $post->ID ) ), admin_url( 'admin-ajax.php' ) );
		printf( '<div id="listen-to-the-article-panel" data-url="%s">%s</div>', esc_attr( $url ), self::summary( $post ) ); // phpcs:ignore WordPress.Security.EscapeOutput
		?>
		<script>
		( function ( panel ) {
			var left = 60;
			var timer = setInterval( function () {
				if ( left-- < 1 ) { clearInterval( timer ); }
				if ( document.hidden ) { return; }
				fetch( panel.dataset.url, { credentials: 'same-origin' } )
					.then( function ( answer ) { return answer.ok ? answer.text() : ''; } )
					.then( function ( html ) { if ( html ) { panel.innerHTML = html; } } )
					.catch( function () {} );
			}, 10000 );
		} )( document.getElementById( 'listen-to-the-article-panel' ) );
		</script>
		<?php
	}

	public static function answer_panel() {
		$post = self::asked_for( self::PANEL );
		echo self::summary( $post ); // phpcs:ignore WordPress.Security.EscapeOutput -- Escaped there.
		wp_die( '', '', array( 'response' => 200 ) );
	}

	public static function send_again() {
		$post = self::asked_for( self::AGAIN );
		Queue::mark( $post->ID, $post->post_type );
		Queue::look_soon( $post->ID );
		Schedule::soon();
		wp_safe_redirect( wp_get_referer() ?: admin_url( 'edit.php?post_type=' . $post->post_type ) );
		exit;
	}

	/** The post of this request; ends it unless this user may edit the post and comes from our own link. */
	private static function asked_for( $action ) {
		$post = get_post( (int) ( $_GET['post'] ?? 0 ) ); // phpcs:ignore WordPress.Security.NonceVerification -- Two lines on.
		if ( ! $post || ! current_user_can( 'edit_post', $post->ID ) ) {
			wp_die( esc_html( say( 'You may not edit this post.' ) ), '', array( 'response' => 403 ) );
		}
		check_admin_referer( $action . $post->ID );
		return $post;
	}

	/** State of the audio, last delivery, why it failed, and a link to send it again, as HTML. */
	public static function summary( $post ) {
		$row   = Queue::row( $post->ID );
		$lines = array( '<strong>' . esc_html( self::audio( $row, $post ) ) . '</strong>' );
		if ( $row && (int) $row->pending ) {
			$lines[] = esc_html( '' === $row->error
				? say( 'Waiting to be sent.' )
				: say( 'The last delivery failed. Next try in %s.', human_time_diff( time(), max( time() + 1, (int) $row->due_at ) ) ) );
		} elseif ( $row && (int) $row->told_at ) {
			$lines[] = esc_html( say( 'Delivered %s ago.', human_time_diff( (int) $row->told_at ) ) );
		}
		if ( $row && '' !== $row->error ) {
			$lines[] = '<span style="color:#b32d2e">' . esc_html( $row->error ) . '</span>';
		}
		$links = array();
		if ( $row && '' !== $row->clip_page ) {
			$links[] = sprintf( '<a href="%s" target="_blank" rel="noopener">%s</a>', esc_url( $row->clip_page ), esc_html( say( 'Listen' ) ) );
		}
		if ( ( $row || State::viewable( $post ) ) && Settings::complete() && current_user_can( 'edit_post', $post->ID ) ) {
			$url     = wp_nonce_url( add_query_arg( array( 'action' => self::AGAIN, 'post' => $post->ID ), admin_url( 'admin-post.php' ) ), self::AGAIN . $post->ID );
			$links[] = sprintf( '<a href="%s">%s</a>', esc_url( $url ), esc_html( $row ? say( 'Send again' ) : say( 'Send' ) ) );
		}
		return implode( '<br>', array_filter( array_merge( $lines, array( implode( ' | ', $links ) ) ) ) );
	}

	private static function audio( $row, $post ) {
		if ( ! $row || '' === $row->told_state ) {
			return $row ? say( 'Not told yet' ) : say( 'None' );
		}
		if ( State::PUBLISHED === $row->told_state && (int) $row->pending && State::PUBLISHED !== State::read( $post->ID )->kind ) {
			return say( 'Still to be heard: the service does not know yet' );
		}
		if ( State::PUBLISHED !== $row->told_state ) {
			return State::CLOSED === $row->told_state ? say( 'Closed: nobody hears it' ) : say( 'Offline' );
		}
		$words = array(
			'ready'     => say( 'Ready' ),
			'rendering' => say( 'Being made' ),
			'failed'    => say( 'The audio could not be made' ),
			'guarded'   => say( 'For readers with access only' ),
			'none'      => say( 'The service has no audio' ),
		);
		return $words[ $row->clip_state ] ?? say( 'Sent; the audio has not been looked up yet' );
	}
}
