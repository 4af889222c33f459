<?php
/**
 * As much of WordPress as the plugin uses, for tests: php wordpress_stub.php PLUGIN < options and steps as JSON.
 * Prints one JSON document: what was sent, scheduled, shown and left in the plugin's table.
 *
 * One run stands for one site. The step "end" ends a request; "cron" is another request, in which due events run.
 */

namespace Listen_To_The_Article {
	/** The plugin's clock: steps move it. */
	function time() {
		return \time() + $GLOBALS['ahead'];
	}
}

namespace {

	define( 'ABSPATH', __DIR__ );
	define( 'MINUTE_IN_SECONDS', 60 );
	define( 'HOUR_IN_SECONDS', 3600 );
	define( 'DAY_IN_SECONDS', 86400 );

	$given  = json_decode( stream_get_contents( STDIN ), true );
	$ahead  = 0;
	$hooks  = array();
	$posts  = array();
	$meta   = array();
	$events = array();
	$kept   = array();
	$wp     = (object) array( 'user' => 0, 'locale' => null, 'finished' => false, 'cron' => false, 'admin' => false, 'service' => 202, 'page' => 7, 'loop' => true, 'main' => true, 'locked' => false );
	$done   = array( 'posted' => array(), 'asked' => array(), 'shown' => array(), 'checked' => array(), 'errors' => array(), 'events' => array() );
	$wp_current_filter = array();

	// --- Hooks ---
	function add_filter( $name, $function, $priority = 10, $count = 1 ) { global $hooks; $hooks[ $name ][ $priority ][] = array( $function, $count ); return true; }
	function add_action( ...$arguments ) { return add_filter( ...$arguments ); }
	function remove_filter( $name, $function, $priority = 10 ) {
		global $hooks;
		$hooks[ $name ][ $priority ] = array_filter( $hooks[ $name ][ $priority ] ?? array(), function ( $one ) use ( $function ) { return $one[0] !== $function; } );
	}
	function remove_action( ...$arguments ) { remove_filter( ...$arguments ); }
	function apply_filters( $name, $value = null, ...$more ) {
		global $hooks, $wp_current_filter;
		$wp_current_filter[] = $name;
		$all = $hooks[ $name ] ?? array();
		ksort( $all );
		try {
			foreach ( $all as $functions ) {
				foreach ( $functions as list( $function, $count ) ) {
					$value = $function( ...array_slice( array_merge( array( $value ), $more ), 0, $count ) );
				}
			}
		} finally {
			array_pop( $wp_current_filter );
		}
		return $value;
	}
	function do_action( $name, ...$arguments ) {
		global $hooks, $wp_current_filter;
		$wp_current_filter[] = $name;
		$all = $hooks[ $name ] ?? array();
		ksort( $all );
		foreach ( $all as $functions ) {
			foreach ( $functions as list( $function, $count ) ) {
				$function( ...array_slice( $arguments, 0, $count ) );
			}
		}
		array_pop( $wp_current_filter );
	}
	function doing_filter( $name ) { global $wp_current_filter; return in_array( $name, $wp_current_filter, true ); }

	// --- The database: posts, options, and the plugin's table in SQLite ---
	final class Stub_Database {
		public $prefix = 'wp_';
		public $posts = 'wp_posts';
		private $sqlite;
		public function __construct() { $this->sqlite = new PDO( 'sqlite::memory:', null, null, array( PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION ) ); $this->sqlite->exec( 'CREATE TABLE wp_posts (ID INTEGER PRIMARY KEY, post_type, post_status, post_date_gmt)' ); }
		public function get_charset_collate() { return ''; }
		public function suppress_errors( $quiet = true ) { return false; }
		public function prepare( $sql, ...$values ) {
			$values = isset( $values[0] ) && is_array( $values[0] ) ? $values[0] : $values;
			return preg_replace_callback( '/%[ds]/', function ( $found ) use ( &$values ) { $value = array_shift( $values ); return '%d' === $found[0] ? (string) (int) $value : $this->sqlite->quote( (string) $value ); }, $sql );
		}
		public function query( $sql ) { return $this->sqlite->exec( $sql ); }
		public function insert( $table, $row ) {
			$marks = implode( ',', array_fill( 0, count( $row ), '?' ) );
			try {
				return $this->sqlite->prepare( "INSERT INTO $table (" . implode( ',', array_keys( $row ) ) . ") VALUES ($marks)" )->execute( array_values( $row ) ) ? 1 : false;
			} catch ( PDOException $error ) {
				return false;
			}
		}
		public function get_results( $sql ) {
			return array_map( function ( $row ) { return (object) array_map( 'strval', $row ); }, $this->sqlite->query( $sql )->fetchAll( PDO::FETCH_ASSOC ) );
		}
		public function get_var( $sql ) { return $this->sqlite->query( $sql )->fetchColumn(); }
	}
	$wpdb = new Stub_Database();
	function dbDelta( $sql ) { global $wpdb; $wpdb->query( preg_replace( array( '/ unsigned/', '/,\s*KEY \w+ \([^)]*\)/' ), '', $sql ) ); }

	function get_option( $name, $usual = false ) { global $kept; return $kept[ $name ] ?? $usual; }
	function update_option( $name, $value, $autoload = null ) { global $kept; $kept[ $name ] = $value; return true; }
	function add_option( $name, $value, $old = '', $autoload = null ) { global $kept; $kept += array( $name => $value ); return true; }
	function get_transient( $name ) { global $kept; return $kept[ "transient $name" ] ?? false; }
	function set_transient( $name, $value, $seconds ) { update_option( "transient $name", $value ); }
	function wp_parse_args( $values, $usual ) { return array_merge( $usual, $values ?: array() ); }
	function wp_list_pluck( $rows, $name ) { return array_map( function ( $row ) use ( $name ) { return ( (array) $row )[ $name ] ?? null; }, $rows ); }
	function wp_cache_delete( $id, $group ) {}
	function _prime_post_caches( ...$arguments ) {}

	// --- Posts ---
	#[AllowDynamicProperties]
	class WP_Post { public function __construct( $fields ) { foreach ( $fields as $name => $value ) { $this->$name = $value; } } }
	#[AllowDynamicProperties]
	class WP_Query { public function parse_query( $query ) {} public function the_post() {} }
	function get_post( $id = null ) { global $posts, $wp; if ( $id instanceof WP_Post ) { return $id; } $id = $id ?? $wp->page; return isset( $posts[ $id ] ) ? clone $posts[ $id ] : null; }
	function get_post_type( $id ) { $post = get_post( $id ); return $post ? $post->post_type : false; }
	function get_post_meta( $id, $key, $single ) { global $meta; return $meta[ $id ][ $key ] ?? ''; }
	function is_post_type_viewable( $type ) { return 'hidden' !== $type; }
	function is_post_status_viewable( $status ) { return 'publish' === $status; }
	function wp_is_post_revision( $post ) { return false; }
	function wp_is_post_autosave( $post ) { return false; }
	function get_permalink( $post ) { return "https://gazette.example/$post->post_name/"; }
	function get_the_author_meta( $field, $id ) { return 'Mara Lindqvist'; }
	function get_the_category( $id ) { return array( (object) array( 'name' => 'Local news' ) ); }
	function wp_get_post_tags( $id, $arguments ) { return array( 'regional' ); }
	function get_gmt_from_date( $local ) { return $local; }

	// --- Readers, languages, pages ---
	function get_current_user_id() { global $wp; return $wp->user; }
	function wp_set_current_user( $id ) { global $wp; $wp->user = $id; }
	function is_user_logged_in() { global $wp; return $wp->user > 0; }
	function current_user_can( ...$arguments ) { return is_user_logged_in(); }
	function get_locale() { global $wp, $given; return $wp->locale ?? $given['site_locale']; }
	function determine_locale() { global $wp, $given; return $wp->locale ?? ( $wp->user ? $given['user_locale'] : $given['site_locale'] ); }
	function get_user_locale( $user ) { global $given; return $given['user_locale']; }
	function switch_to_locale( $locale ) { global $wp; if ( determine_locale() === $locale ) { return false; } $wp->locale = $locale; return true; }
	function restore_previous_locale() { global $wp; $wp->locale = null; }
	function get_bloginfo( $name ) { return str_replace( '_', '-', determine_locale() ); }
	function is_admin() { global $wp; return $wp->admin; }
	function is_feed() { global $wp; return 'feed' === $wp->main; }
	function is_embed() { return false; }
	function is_preview() { return false; }
	function wp_doing_ajax() { return false; }
	function wp_doing_cron() { global $wp; return $wp->cron; }
	function is_singular( $types ) { global $wp; return 'list' !== $wp->main; }
	function in_the_loop() { global $wp; return $wp->loop; }
	function is_main_query() { global $wp; return (bool) $wp->main; }
	function get_queried_object_id() { return 7; }
	function get_the_ID() { global $wp; return $wp->page; }
	function post_password_required( $post ) { global $wp; return apply_filters( 'post_password_required', '' !== $post->post_password && ( $wp->locked || ! $_COOKIE ), $post ); }
	function wp_enqueue_script( $handle, $src, ...$more ) { global $done; $done['shown'][] = apply_filters( 'script_loader_tag', '<script src=x></script>', $handle, $src ); }
	function admin_url( $path, $scheme = '' ) { return "/wp-admin/$path"; }
	function home_url() { return 'https://gazette.example'; }
	function add_query_arg( $values, $url ) { return $url . '?' . http_build_query( $values, '', '&' ); }
	function nocache_headers() {}
	final class Stub_Sent extends Exception {}
	function wp_send_json( $value ) { global $done; $done['shown'][] = json_encode( $value ); throw new Stub_Sent(); }

	// --- Cron ---
	function wp_next_scheduled( $name ) { global $events; $times = array_keys( array_filter( $events[ $name ] ?? array() ) ); return $times ? min( $times ) : false; }
	function wp_schedule_single_event( $when, $name, $arguments = array() ) { global $events; $events[ $name ][ $when ] = $arguments ?: array( null ); }
	function wp_schedule_event( $when, $every, $name ) { wp_schedule_single_event( $when, $name ); }
	function wp_unschedule_event( $when, $name ) { global $events; unset( $events[ $name ][ $when ] ); }
	function spawn_cron() { global $done; $done['spawned'] = ( $done['spawned'] ?? 0 ) + 1; }
	if ( ! empty( $given['fpm'] ) ) {
		function fastcgi_finish_request() { global $wp; $wp->finished = true; return true; }
	}

	// --- HTTP ---
	final class WP_Error { private $text; public function __construct( $text ) { $this->text = $text; } public function get_error_message() { return $this->text; } }
	function is_wp_error( $answer ) { return $answer instanceof WP_Error; }
	function wp_remote_request( $url, $request ) {
		global $done, $given, $wp;
		if ( 'GET' === $request['method'] ) {
			$done['asked'][] = $url;
			return 0 === $wp->service ? new WP_Error( 'timed out' ) : array( 'code' => $given['clips'] ? 200 : 500, 'body' => json_encode( $given['clips'] ) );
		}
		if ( '/grants' === substr( $url, -7 ) ) {
			$done['granted'][] = array( 'url' => $url ) + $request;
			return array( 'code' => $given['grant'] ? 201 : 403, 'body' => json_encode( array( 'grant' => $given['grant'] ) ) );
		}
		$done['posted'][] = array( 'url' => $url, 'finished' => $wp->finished, 'cron' => $wp->cron, 'code' => $wp->service, 'user' => $wp->user ) + $request;
		if ( isset( $given['while_sending'] ) && count( $done['posted'] ) === 1 ) {
			step( $given['while_sending'] );
		}
		$code = 'ping' === ( json_decode( $request['body'], true )['type'] ?? '' ) && 202 === $wp->service ? 200 : $wp->service;
		return 0 === $code ? new WP_Error( 'timed out' ) : array( 'code' => $code, 'body' => json_encode( array( 'state' => 'received' ) + ( $given['answers'] ?? array() ) ) );
	}
	function wp_remote_retrieve_response_code( $answer ) { return $answer['code']; }
	function wp_remote_retrieve_body( $answer ) { return $answer['body']; }
	function wp_remote_retrieve_header( $answer, $name ) { global $given; return 'date' === $name ? gmdate( 'D, d M Y H:i:s' ) . ' GMT' : ( $given['allow'] ?? '' ); }
	function wp_json_encode( $value ) { return json_encode( $value ); }

	// --- Settings and wp-admin ---
	function wp_parse_url( $url ) { return parse_url( $url ); }
	function esc_url( $url ) { return htmlspecialchars( $url, ENT_QUOTES ); }
	function esc_url_raw( $url, $schemes ) { return in_array( parse_url( $url, PHP_URL_SCHEME ), $schemes, true ) ? $url : ''; }
	function add_meta_box( ...$arguments ) {}
	function esc_html( $text ) { return htmlspecialchars( $text, ENT_QUOTES ); }
	function esc_attr( $text ) { return htmlspecialchars( (string) $text, ENT_QUOTES ); }
	function sanitize_text_field( $text ) { return trim( strip_tags( $text ) ); }
	function sanitize_key( $text ) { return preg_replace( '/[^a-z0-9_-]/', '', strtolower( $text ) ); }
	function add_settings_error( $page, $code, $text, $kind = 'error' ) { global $done; $done['errors'][] = array( $code, $kind, $text ); }
	function settings_fields( $group ) { echo '<input type="hidden" name="_wpnonce">'; }
	function wp_nonce_field( $action ) { echo '<input type="hidden" name="_wpnonce">'; }
	function wp_nonce_url( $url, $action ) { return "$url&_wpnonce=n"; }
	function submit_button( $text = 'Save' ) { echo "<button>$text</button>"; }
	function human_time_diff( $from, $to = 0 ) { return '2 mins'; }

	// What WordPress itself does to a text: blocks, then the one shortcode that tests use.
	add_filter(
		'the_content',
		function ( $text ) {
			return preg_replace_callback(
				'~<!-- wp:(\S+) -->(.*?)<!-- /wp:\1 -->~s',
				function ( $found ) {
					$block = array( 'blockName' => false === strpos( $found[1], '/' ) ? "core/$found[1]" : $found[1] );
					return apply_filters( 'pre_render_block', null, $block ) ?? apply_filters( 'render_block', $found[2], $block );
				},
				$text
			);
		},
		9
	);
	add_filter(
		'the_content',
		function ( $text ) {
			$text = str_replace( '[locked]', post_password_required( get_post( $GLOBALS['post'] ?? null ) ) ? 'locked' : 'open', $text );
			if ( false !== strpos( $text, '[broken]' ) ) {
				throw new RuntimeException( 'the shortcode broke' );
			}
			return preg_replace( '~\[members\](.*?)\[/members\]~', is_user_logged_in() ? '$1' : '', $text );
		},
		11
	);
	add_filter( 'listen_to_the_article_visibility', function ( $visibility, $post ) { return get_post_meta( $post->ID, 'members_only', true ) ? 'members' : $visibility; }, 10, 2 );
	add_filter( 'listen_to_the_article_may_listen', function ( $may, $post ) { return get_post_meta( $post->ID, 'members_only', true ) ? is_user_logged_in() : $may; }, 10, 2 );

	if ( isset( $given['polylang'] ) ) {
		function pll_get_post_language( $id, $what ) { global $given; return $given['polylang'][ $id ] ?? false; }
	}
	$kept['listen_to_the_article'] = $given['options'];
	require $argv[1];
	foreach ( array( 'line-test', 'editors', 'notices', 'settings-page' ) as $part ) {
		require_once Listen_To_The_Article\FOLDER . "/$part.php";
	}

	function store( $post ) {
		global $posts, $wpdb;
		$posts[ $post->ID ] = clone $post;
		$wpdb->query( $wpdb->prepare( 'DELETE FROM wp_posts WHERE ID = %d', $post->ID ) );
		$wpdb->insert( 'wp_posts', array( 'ID' => $post->ID, 'post_type' => $post->post_type, 'post_status' => $post->post_status, 'post_date_gmt' => $post->post_date_gmt ) );
	}

	function step( $step ) {
		global $ahead, $posts, $meta, $events, $kept, $wp, $done, $given, $wpdb, $post;
		$changed = isset( $step['post'] ) ? new WP_Post( $step['post'] ) : null;
		foreach ( array( 'user', 'admin', 'service', 'page', 'loop', 'main', 'locked' ) as $name ) {
			$wp->$name = array_key_exists( $name, $step ) ? $step[ $name ] : $wp->$name;
		}
		switch ( $step['do'] ?? '' ) {
			case 'save':
				$before = get_post( $changed->ID );
				if ( $before ) {
					do_action( 'pre_post_update', $changed->ID );
				}
				store( $changed );
				do_action( 'transition_post_status', $changed->post_status, $before ? $before->post_status : 'new', $changed );
				do_action( 'wp_after_insert_post', $changed->ID, $changed, (bool) $before, $before );
				break;
			case 'store': // Past WordPress, such as by SQL.
				store( $changed );
				break;
			case 'options':
				$kept['listen_to_the_article'] = array_merge( $kept['listen_to_the_article'], $step['options'] );
				break;
			case 'meta':
				$meta[ $step['id'] ][ $step['key'] ] = $step['value'];
				do_action( 'updated_post_meta', 1, $step['id'], $step['key'] );
				break;
			case 'delete':
				$gone = get_post( $step['id'] );
				do_action( 'before_delete_post', $step['id'], $gone );
				unset( $posts[ $step['id'] ] );
				do_action( 'after_delete_post', $step['id'], $gone );
				break;
			case 'end':
				do_action( 'shutdown' );
				$wp->finished = false;
				break;
			case 'cron':
				$ahead   += $step['after'] ?? 0;
				$wp->cron = true;
				list( $user, $wp->user ) = array( $wp->user, 0 );
				foreach ( $events as $name => $times ) {
					foreach ( $times as $when => $arguments ) {
						if ( $when <= Listen_To_The_Article\time() ) {
							unset( $events[ $name ][ $when ] );
							do_action( $name, ...$arguments );
						}
					}
				}
				do_action( 'shutdown' );
				list( $wp->cron, $wp->user ) = array( false, $user );
				break;
			case 'event':
				do_action( $step['name'], ...( $step['arguments'] ?? array() ) );
				break;
			case 'show':
				$wrapped = $step['within'] ?? '';
				$show    = function () { return apply_filters( 'the_content', '<p>The text.</p>' ); };
				if ( 'the_content' === $wrapped ) { // A text within the text, such as a reading time that counts its words.
					$inner = true;
					add_filter( $wrapped, function ( $text ) use ( &$inner ) {
						if ( $inner ) {
							$inner = false;
							$text  = apply_filters( 'the_content', $text );
						}
						return $text;
					} );
					$done['shown'][] = $show();
				} elseif ( '' !== $wrapped ) {
					add_filter( $wrapped, $show );
					$done['shown'][] = apply_filters( $wrapped );
					remove_filter( $wrapped, $show );
				} else {
					$done['shown'][] = $show();
				}
				break;
			case 'grant':
				$_REQUEST['post'] = $step['id'];
				try {
					do_action( 'wp_ajax_listen_to_the_article_grant' );
				} catch ( Stub_Sent $sent ) {
					break;
				}
				break;
			case 'settings':
				ob_start();
				Listen_To_The_Article\Settings_Page::show();
				$done['shown'][] = ob_get_clean();
				break;
			case 'summary':
				$done['shown'][] = Listen_To_The_Article\Editors::summary( get_post( $step['id'] ) );
				break;
			case 'notices':
				ob_start();
				Listen_To_The_Article\Notices::show();
				$done['shown'][] = ob_get_clean();
				break;
			case 'check':
				$done['checked'][] = Listen_To_The_Article\Settings::checked( $step['given'] );
				break;
			case 'test':
				Listen_To_The_Article\Settings_Page::saved();
				break;
			case 'daily':
				Listen_To_The_Article\Daily::run();
				break;
		}
	}

	foreach ( $given['steps'] as $step ) {
		step( $step );
	}
	$done['user'] = $wp->user;
	$done['rows'] = Listen_To_The_Article\Queue::ready() ? $wpdb->get_results( 'SELECT * FROM wp_listen_to_the_article WHERE post_id > 0' ) : array();
	foreach ( $events as $name => $times ) {
		foreach ( array_keys( $times ) as $when ) {
			$done['events'][] = array( $name, $when - Listen_To_The_Article\time() );
		}
	}
	echo json_encode( $done );
}
