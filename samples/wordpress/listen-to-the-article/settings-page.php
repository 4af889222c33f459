<?php
/** Settings > Listen to the article. */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

final class Settings_Page {

	const TEST = 'listen_to_the_article_test';

	public static function begin() {
		add_action( 'admin_init', array( __CLASS__, 'register' ) );
		add_action( 'admin_menu', array( __CLASS__, 'add' ) );
		add_action( 'admin_post_' . self::TEST, array( __CLASS__, 'test' ) );
		foreach ( array( 'add_option_', 'update_option_' ) as $action ) {
			add_action( $action . Settings::OPTION, array( __CLASS__, 'saved' ), 10, 0 );
		}
	}

	public static function url() {
		return admin_url( 'options-general.php?page=' . Settings::OPTION );
	}

	public static function register() {
		register_setting( Settings::OPTION, Settings::OPTION, array( 'sanitize_callback' => array( Settings::class, 'checked' ) ) );
	}

	public static function add() {
		$name = say( 'Listen to the article' );
		add_options_page( $name, $name, 'manage_options', Settings::OPTION, array( __CLASS__, 'show' ) );
	}

	/** What was entered is kept also when it doesn't work, but nobody can overlook that. */
	public static function saved() {
		self::report( Line_Test::run() );
		Daily::run_soon();
	}

	public static function test() {
		if ( ! current_user_can( 'manage_options' ) ) {
			wp_die( esc_html( say( 'You may not change settings.' ) ), '', array( 'response' => 403 ) );
		}
		check_admin_referer( self::TEST );
		self::report( Line_Test::run() );
		set_transient( 'settings_errors', get_settings_errors(), 30 );
		wp_safe_redirect( add_query_arg( 'settings-updated', 'true', self::url() ) );
		exit;
	}

	private static function report( $lines ) {
		foreach ( $lines as $place => $line ) {
			add_settings_error( Settings::OPTION, "line-$place", esc_html( $line['text'] ), $line['ok'] ? 'success' : 'error' );
		}
	}

	public static function show() {
		$settings = Settings::all();
		$notes    = Line::notes();
		$kept     = say( 'kept; leave empty to keep it' );
		?>
		<div class="wrap">
			<h1><?php echo esc_html( say( 'Listen to the article' ) ); ?></h1>
			<p><?php echo esc_html( say( 'Enter what "tts-service hooks add wordpress" printed.' ) ); ?></p>
			<form method="post" action="options.php">
				<?php settings_fields( Settings::OPTION ); ?>
				<table class="form-table" role="presentation">
					<?php
					self::row( 'address', say( 'Address' ), 'url', $settings['address'] );
					self::row( 'secret', say( 'Secret' ), 'password', '', $settings['secret'] ? $kept : '' );
					self::row( 'site', say( 'Site' ), 'text', $settings['site'] );
					self::row( 'types', say( 'Post types, separated by commas' ), 'text', $settings['types'] );
					self::row( 'key', say( 'API key, for posts that are not public' ), 'password', '', $settings['key'] ? say( 'kept; leave empty to keep it, enter - to remove it' ) : '' );
					?>
				</table>
				<?php submit_button(); ?>
			</form>
			<h2><?php echo esc_html( say( 'The line to the service' ) ); ?></h2>
			<p>
				<?php
				echo esc_html( self::standing( $notes ) );
				$waiting = Queue::waiting();
				if ( $waiting ) {
					echo ' ' . esc_html( say( 'Posts waiting to be sent: %d.', $waiting ) );
				}
				?>
			</p>
			<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
				<input type="hidden" name="action" value="<?php echo esc_attr( self::TEST ); ?>">
				<?php
				wp_nonce_field( self::TEST );
				submit_button( say( 'Test the line' ), 'secondary', 'submit', false );
				?>
			</form>
		</div>
		<?php
	}

	private static function standing( $notes ) {
		if ( ! Settings::complete() ) {
			return say( 'Nothing is entered yet.' );
		}
		if ( '' !== $notes['problem'] ) {
			return say( 'It does not work: %s', $notes['problem'] );
		}
		if ( ! $notes['checked_at'] ) {
			return say( 'It has not been tested yet.' );
		}
		return say( 'It worked when it was last tested, %s ago.', human_time_diff( $notes['checked_at'] ) );
	}

	private static function row( $name, $label, $type, $value, $hint = '' ) {
		printf(
			'<tr><th scope="row"><label for="listen-%1$s">%2$s</label></th><td>'
			. '<input class="regular-text" id="listen-%1$s" name="%3$s[%1$s]" type="%4$s" value="%5$s" placeholder="%6$s" autocomplete="off"></td></tr>',
			esc_attr( $name ),
			esc_html( $label ),
			esc_attr( Settings::OPTION ),
			esc_attr( $type ),
			esc_attr( $value ),
			esc_attr( $hint )
		);
	}
}
