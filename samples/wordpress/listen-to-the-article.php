<?php
/**
 * Plugin Name: Listen to the article
 * Description: Tells the audio service of every published, changed or withdrawn post, and puts the player above it.
 * Version: 1.0
 * Requires at least: 5.6
 * Requires PHP: 7.4
 * License: Apache-2.0
 *
 * Copy this file into wp-content/mu-plugins/ and enter address, secret and site under Settings > Listen to the article.
 *
 * Deliveries are signed by Standard Webhooks and don't wait for an answer. Each goes out once more after five minutes
 * under the same id: if the first one was lost, the second counts; if not, the service knows it already.
 *
 * A post with a password is heard by who has entered it. What membership plugins guard: tell by two filters,
 * listen_to_the_article_visibility (who a post is for, such as "members"; $visibility, $post) and
 * listen_to_the_article_may_listen (whether this reader is one of them; $may, $post).
 */

defined( 'ABSPATH' ) || exit;

final class Listen_To_The_Article {

	const OPTION      = 'listen_to_the_article';
	const AGAIN       = 'listen_to_the_article_again';
	const AGAIN_AFTER = 300; // Seconds.

	/** @var bool Whether post_content is being rendered for a delivery: no player in there. */
	private static $rendering = false;

	public static function begin() {
		// After terms and meta are saved, unlike transition_post_status.
		add_action( 'wp_after_insert_post', array( __CLASS__, 'saved' ), 10, 4 );
		add_action( 'before_delete_post', array( __CLASS__, 'deleted' ), 10, 2 );
		add_action( self::AGAIN, array( __CLASS__, 'deliver' ), 10, 3 );
		add_filter( 'the_content', array( __CLASS__, 'with_player' ), 5 );
		add_action( 'admin_init', array( __CLASS__, 'register_settings' ) );
		add_action( 'admin_menu', array( __CLASS__, 'add_page' ) );
	}

	// --- What happened to a post ---

	public static function saved( $post_id, $post, $update, $before ) {
		if ( ! self::is_article( $post ) ) {
			return;
		}
		$is  = 'publish' === $post->post_status;
		$was = $before && 'publish' === $before->post_status;
		if ( $is || $was ) {
			self::send( $is ? ( $was ? 'updated' : 'published' ) : 'unpublished', $post_id );
		}
	}

	public static function deleted( $post_id, $post ) {
		if ( self::is_article( $post ) && 'publish' === $post->post_status ) {
			self::send( 'deleted', $post_id );
		}
	}

	private static function is_article( $post ) {
		return in_array( $post->post_type, self::types(), true )
			&& ! wp_is_post_revision( $post ) && ! wp_is_post_autosave( $post );
	}

	// --- Telling the service ---

	private static function send( $kind, $post_id ) {
		$message_id = 'msg_' . bin2hex( random_bytes( 16 ) );
		self::deliver( $kind, $post_id, $message_id );
		wp_schedule_single_event( time() + self::AGAIN_AFTER, self::AGAIN, array( $kind, $post_id, $message_id ) );
	}

	/** Post one message; also called by WP-Cron the second time. */
	public static function deliver( $kind, $post_id, $message_id ) {
		$settings = self::settings();
		if ( '' === $settings['address'] || '' === $settings['secret'] ) {
			return;
		}
		$body    = self::body( $kind, $post_id );
		$seconds = (string) time();
		$key     = base64_decode( substr( $settings['secret'], strlen( 'whsec_' ) ), true );
		$signed  = hash_hmac( 'sha256', "$message_id.$seconds.$body", (string) $key, true );
		wp_remote_post(
			$settings['address'],
			array(
				'blocking' => false, // The editor doesn't wait for the service.
				'timeout'  => 5,
				'headers'  => array(
					'Content-Type'      => 'application/json',
					'webhook-id'        => $message_id,
					'webhook-timestamp' => $seconds,
					'webhook-signature' => 'v1,' . base64_encode( $signed ),
				),
				'body'     => $body,
			)
		);
	}

	private static function body( $kind, $post_id ) {
		$post = get_post( $post_id );
		$data = array( 'id' => (int) $post_id, 'type' => $post ? $post->post_type : self::types()[0] );
		if ( $post ) {
			$data['updated_at'] = self::utc( $post->post_modified_gmt );
		}
		if ( $post && in_array( $kind, array( 'published', 'updated' ), true ) ) {
			$data += array(
				'title'        => $post->post_title,
				'html'         => self::html( $post ),
				'url'          => get_permalink( $post ),
				'author'       => get_the_author_meta( 'display_name', $post->post_author ),
				'language'     => get_bloginfo( 'language' ),
				'tags'         => wp_get_post_tags( $post->ID, array( 'fields' => 'slugs' ) ),
				'section'      => self::section( $post->ID ),
				'visibility'   => self::visibility( $post ),
				'published_at' => self::utc( $post->post_date_gmt ),
			);
		}
		return wp_json_encode( array( 'type' => "post.$kind", 'timestamp' => gmdate( 'c' ), 'data' => $data ) );
	}

	/** Who it is for: `public`, or anything else, which the service makes audible by grants only. */
	private static function visibility( $post ) {
		return apply_filters( 'listen_to_the_article_visibility', '' === $post->post_password ? 'public' : 'password', $post );
	}

	/** The name of its first category; null: it has none. */
	private static function section( $post_id ) {
		$categories = get_the_category( $post_id );
		return $categories ? $categories[0]->name : null;
	}

	/** The post as readers see it: blocks and shortcodes rendered, without our own player. */
	private static function html( $post ) {
		self::$rendering = true;
		$GLOBALS['post'] = $post; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- Filters look at it.
		setup_postdata( $post );
		$html = apply_filters( 'the_content', $post->post_content );
		wp_reset_postdata();
		self::$rendering = false;
		return $html;
	}

	/** WordPress keeps UTC without a zone. */
	private static function utc( $mysql_time ) {
		return str_replace( ' ', 'T', $mysql_time ) . 'Z';
	}

	// --- The player ---

	public static function with_player( $content ) {
		if ( self::$rendering || ! is_singular( self::types() ) || ! in_the_loop() || ! is_main_query() || post_password_required() ) {
			return $content;
		}
		return self::player( get_the_ID() ) . $content;
	}

	private static function player( $post_id ) {
		$clip = self::clip( $post_id );
		if ( ! $clip ) {
			return '';
		}
		return sprintf(
			'<section class="listen-to-the-article" aria-label="%1$s"><p><strong>%1$s</strong></p>'
			. '<audio controls preload="none" src="%2$s"></audio>'
			. '<p><small>%3$s <a href="%4$s">%5$s</a> | <a href="%6$s">%7$s</a></small></p></section>',
			esc_attr__( 'Listen to the article', 'listen-to-the-article' ),
			esc_url( $clip['audio'] ),
			esc_html( $clip['disclosure'] ),
			esc_url( $clip['about'] ),
			esc_html__( 'More information', 'listen-to-the-article' ),
			esc_url( $clip['feedback'] ),
			esc_html__( 'Send feedback', 'listen-to-the-article' )
		);
	}

	/** The post's clip, or an empty array; remembered for a minute, so that a slow service slows no page. */
	private static function clip( $post_id ) {
		$post   = get_post( $post_id );
		$public = ! $post || 'public' === self::visibility( $post );
		if ( ! $public && ! self::may_listen( $post ) ) {
			return array();
		}
		$name = ( $public ? 'listen_clip_' : 'listen_granted_' ) . $post_id;
		$clip = get_transient( $name );
		if ( is_array( $clip ) ) {
			return $clip;
		}
		$clip   = array();
		$grant  = $public ? array() : array( 'grant' => self::grant( $post_id ) );
		$query  = array( 'site' => self::settings()['site'], 'article' => $post_id ) + $grant;
		$answer = wp_remote_get( self::base() . '/v1/clips?' . http_build_query( $query ), array( 'timeout' => 2 ) );
		if ( ! is_wp_error( $answer ) && 200 === wp_remote_retrieve_response_code( $answer ) ) {
			$found = json_decode( wp_remote_retrieve_body( $answer ), true );
			$first = isset( $found['clips'][0] ) ? $found['clips'][0] : null;
			if ( $first && 'failed' !== $first['state'] && isset( $first['audio']['mp3'] ) ) {
				$clip = array(
					'audio'      => self::granted( $first['audio']['mp3'], $grant ),
					'disclosure' => $first['disclosure'],
					'about'      => self::granted( $first['about_url'], $grant ),
					'feedback'   => self::granted( $first['feedback_url'], $grant ),
				);
			}
		}
		set_transient( $name, $clip, MINUTE_IN_SECONDS );
		return $clip;
	}

	/** Whether this reader may hear a post that isn't for everybody: who has entered its password, or as a filter says. */
	private static function may_listen( $post ) {
		$unlocked = '' !== $post->post_password && ! post_password_required( $post );
		return '' !== self::settings()['key'] && apply_filters( 'listen_to_the_article_may_listen', $unlocked, $post );
	}

	/** What opens the audio for four hours; '' where there is none. It goes into pages of those who may listen only. */
	private static function grant( $post_id ) {
		$settings = self::settings();
		$answer   = wp_remote_post(
			self::base() . '/v1/articles/' . rawurlencode( $settings['site'] ) . '/' . $post_id . '/grants',
			array(
				'timeout' => 2,
				'headers' => array(
					'Authorization' => 'Bearer ' . $settings['key'],
					'Content-Type'  => 'application/json',
				),
				'body'    => '{"life_s":14400}',
			)
		);
		if ( is_wp_error( $answer ) || 201 !== wp_remote_retrieve_response_code( $answer ) ) {
			return '';
		}
		$given = json_decode( wp_remote_retrieve_body( $answer ), true );
		return $given['grant'] ?? '';
	}

	/** An address that takes the grant along. */
	private static function granted( $url, $grant ) {
		return $grant ? $url . ( false === strpos( $url, '?' ) ? '?' : '&' ) . http_build_query( $grant ) : $url;
	}

	// --- Settings ---

	private static function settings() {
		return wp_parse_args( get_option( self::OPTION ), array( 'address' => '', 'secret' => '', 'site' => '', 'types' => 'post', 'key' => '' ) );
	}

	private static function types() {
		return array_map( 'trim', explode( ',', self::settings()['types'] ) );
	}

	/** The service's own address: what stands before /v1/webhooks/ in the hook's. */
	private static function base() {
		return explode( '/v1/webhooks/', self::settings()['address'] )[0];
	}

	public static function register_settings() {
		register_setting( self::OPTION, self::OPTION, array( 'sanitize_callback' => array( __CLASS__, 'checked' ) ) );
	}

	/** What was entered, or what was there before when it can't be right. */
	public static function checked( $given ) {
		$before  = self::settings();
		$address = esc_url_raw( trim( $given['address'] ?? '' ), array( 'https', 'http' ) );
		$secret  = trim( $given['secret'] ?? '' );
		if ( '' === $secret ) {
			$secret = $before['secret']; // The page never shows it: an empty field leaves it as it is.
		}
		$key = trim( $given['key'] ?? '' );
		if ( '' !== $key && ! preg_match( '~^ltk_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}$~', $key ) ) {
			add_settings_error( self::OPTION, 'key', __( 'The API key begins with ltk_: copy all of it.', 'listen-to-the-article' ) );
			$key = '';
		}
		if ( ! preg_match( '~/v1/webhooks/wordpress/hook_[0-9a-z]+$~', $address ) ) {
			add_settings_error( self::OPTION, 'address', __( 'The address ends in /v1/webhooks/wordpress/hook_…: copy all of it.', 'listen-to-the-article' ) );
			$address = $before['address'];
		}
		if ( ! preg_match( '~^whsec_[A-Za-z0-9+/]{32,100}={0,2}$~', $secret ) ) {
			add_settings_error( self::OPTION, 'secret', __( 'The secret begins with whsec_: copy all of it.', 'listen-to-the-article' ) );
			$secret = $before['secret'];
		}
		return array(
			'address' => $address,
			'secret'  => $secret,
			'site'    => sanitize_text_field( $given['site'] ?? '' ),
			'types'   => sanitize_text_field( $given['types'] ?? '' ) ?: 'post',
			'key'     => '' === $key ? $before['key'] : $key,
		);
	}

	public static function add_page() {
		$name = __( 'Listen to the article', 'listen-to-the-article' );
		add_options_page( $name, $name, 'manage_options', self::OPTION, array( __CLASS__, 'show_page' ) );
	}

	public static function show_page() {
		$settings = self::settings();
		?>
		<div class="wrap">
			<h1><?php esc_html_e( 'Listen to the article', 'listen-to-the-article' ); ?></h1>
			<p><?php esc_html_e( 'Enter what "tts-service hooks add wordpress" printed.', 'listen-to-the-article' ); ?></p>
			<form method="post" action="options.php">
				<?php settings_fields( self::OPTION ); ?>
				<table class="form-table" role="presentation">
					<?php
					self::row( 'address', __( 'Address', 'listen-to-the-article' ), 'url', $settings['address'] );
					self::row( 'secret', __( 'Secret', 'listen-to-the-article' ), 'password', '', $settings['secret'] ? __( 'kept; leave empty to keep it', 'listen-to-the-article' ) : '' );
					self::row( 'site', __( 'Site', 'listen-to-the-article' ), 'text', $settings['site'] );
					self::row( 'types', __( 'Post types, separated by commas', 'listen-to-the-article' ), 'text', $settings['types'] );
					self::row( 'key', __( 'API key, for posts that are not for everybody', 'listen-to-the-article' ), 'password', '', $settings['key'] ? __( 'kept; leave empty to keep it', 'listen-to-the-article' ) : '' );
					?>
				</table>
				<?php submit_button(); ?>
			</form>
		</div>
		<?php
	}

	private static function row( $name, $label, $type, $value, $hint = '' ) {
		printf(
			'<tr><th scope="row"><label for="listen-%1$s">%2$s</label></th><td>'
			. '<input class="regular-text" id="listen-%1$s" name="%3$s[%1$s]" type="%4$s" value="%5$s" placeholder="%6$s" autocomplete="off"></td></tr>',
			esc_attr( $name ),
			esc_html( $label ),
			esc_attr( self::OPTION ),
			esc_attr( $type ),
			esc_attr( $value ),
			esc_attr( $hint )
		);
	}
}

Listen_To_The_Article::begin();
