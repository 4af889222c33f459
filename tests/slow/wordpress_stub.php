<?php
/**
 * As much of WordPress as the plugin uses, for tests: php wordpress_stub.php PLUGIN < options and steps as JSON.
 * Prints one JSON document: what was posted, scheduled, and shown.
 */

define( 'ABSPATH', __DIR__ );
define( 'MINUTE_IN_SECONDS', 60 );

$given = json_decode( stream_get_contents( STDIN ), true );
$done  = array( 'posted' => array(), 'scheduled' => array(), 'asked' => array(), 'shown' => array(), 'checked' => array(), 'errors' => array() );
$hooks = array();
$store = array();

function add_action( $name, $function, $priority = 10, $count = 1 ) { global $hooks; $hooks[ $name ][] = array( $function, $count ); }
function add_filter( $name, $function, $priority = 10, $count = 1 ) { add_action( $name, $function, $priority, $count ); }
function run( $name, ...$arguments ) {
	global $hooks;
	foreach ( $hooks[ $name ] ?? array() as list( $function, $count ) ) {
		$function( ...array_slice( $arguments, 0, $count ) );
	}
}
function apply_filters( $name, $value ) {
	global $hooks;
	foreach ( $hooks[ $name ] ?? array() as list( $function, $count ) ) {
		$value = $function( $value );
	}
	return $value;
}

function get_post( $id ) { global $store; return is_object( $id ) ? $id : ( $store[ $id ] ?? null ); }
function get_option( $name ) { global $given; return $given['options']; }
function wp_parse_args( $values, $usual ) { return array_merge( $usual, $values ?: array() ); }
function wp_is_post_revision( $post ) { return false; }
function wp_is_post_autosave( $post ) { return false; }
function wp_schedule_single_event( $when, $name, $arguments ) { global $done; $done['scheduled'][] = array( $when - time(), $name, $arguments ); }
function wp_remote_post( $url, $request ) { global $done, $given; $done['posted'][] = array( 'url' => $url ) + $request; return array( 'code' => $given['grant'] ? 201 : 403, 'body' => json_encode( array( 'grant' => $given['grant'] ) ) ); }
function wp_remote_get( $url, $request ) { global $done, $given; $done['asked'][] = $url; return array( 'code' => $given['clips'] ? 200 : 500, 'body' => json_encode( $given['clips'] ) ); }
function is_wp_error( $answer ) { return false; }
function wp_remote_retrieve_response_code( $answer ) { return $answer['code']; }
function wp_remote_retrieve_body( $answer ) { return $answer['body']; }
function get_transient( $name ) { global $store; return $store[ $name ] ?? false; }
function set_transient( $name, $value, $seconds ) { global $store; $store[ $name ] = $value; }
function setup_postdata( $post ) {}
function wp_reset_postdata() {}
function get_permalink( $post ) { return 'https://gazette.example/' . $post->post_name . '/'; }
function get_the_author_meta( $field, $id ) { return 'Mara Lindqvist'; }
function get_bloginfo( $field ) { return 'en-GB'; }
function get_the_category( $id ) { return array( (object) array( 'name' => 'Local news' ) ); }
function wp_get_post_tags( $id, $arguments ) { return array( 'regional' ); }
function wp_json_encode( $value ) { return json_encode( $value ); }
function is_singular( $types ) { return true; }
function in_the_loop() { return true; }
function is_main_query() { return true; }
function post_password_required() { global $given; return $given['locked']; }
function get_the_ID() { return 7; }
function esc_url( $url ) { return htmlspecialchars( $url, ENT_QUOTES ); }
function esc_url_raw( $url, $schemes ) { return in_array( parse_url( $url, PHP_URL_SCHEME ), $schemes, true ) ? $url : ''; }
function esc_html( $text ) { return htmlspecialchars( $text, ENT_QUOTES ); }
function esc_attr( $text ) { return htmlspecialchars( $text, ENT_QUOTES ); }
function __( $text, $domain ) { return $text; }
function esc_html__( $text, $domain ) { return esc_html( $text ); }
function esc_attr__( $text, $domain ) { return esc_attr( $text ); }
function esc_html_e( $text, $domain ) { echo esc_html( $text ); }
function sanitize_text_field( $text ) { return trim( strip_tags( $text ) ); }
function add_settings_error( $page, $code, $text ) { global $done; $done['errors'][] = $code; }
function register_setting( $group, $name, $arguments ) {}
function add_options_page( ...$arguments ) {}
function settings_fields( $group ) { echo '<input type="hidden" name="_wpnonce">'; }
function submit_button() { echo '<button>Save</button>'; }

require $argv[1];

foreach ( $given['steps'] as $step ) {
	$post = isset( $step['post'] ) ? (object) $step['post'] : null;
	if ( $post ) {
		$store[ $post->ID ] = $post;
	}
	switch ( $step['do'] ) {
		case 'save':
			run( 'wp_after_insert_post', $post->ID, $post, true, isset( $step['before'] ) ? (object) array( 'post_status' => $step['before'] ) : null );
			break;
		case 'delete':
			run( 'before_delete_post', $post->ID, $post );
			unset( $store[ $post->ID ] );
			break;
		case 'cron':
			list( , $name, $arguments ) = $done['scheduled'][0];
			run( $name, ...$arguments );
			break;
		case 'show':
			$done['shown'][] = apply_filters( 'the_content', '<p>The text.</p>' );
			break;
		case 'settings':
			ob_start();
			Listen_To_The_Article::show_page();
			$done['shown'][] = ob_get_clean();
			break;
		case 'check':
			$done['checked'][] = Listen_To_The_Article::checked( $step['given'] );
			break;
	}
}
echo json_encode( $done );
