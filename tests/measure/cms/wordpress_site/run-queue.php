<?php
/** Does at once what WP-Cron would do next for the plugin, and publishes what is due: php run-queue.php SITE_FOLDER [daily]. */

define( 'DOING_CRON', true );
$_SERVER['HTTP_HOST'] = parse_url( $argv[2] ?? 'http://localhost', PHP_URL_HOST );
require $argv[1] . '/wp-load.php';

foreach ( get_posts( array( 'post_status' => 'future', 'post_type' => 'any', 'numberposts' => -1 ) ) as $post ) {
	check_and_publish_future_post( $post->ID );
}
if ( in_array( 'daily', $argv, true ) ) {
	Listen_To_The_Article\Daily::run();
}
// A request may still be sending after its response: it holds the lock and is waited for.
$until = microtime( true ) + 15;
do {
	Listen_To_The_Article\Line::note( array( 'rest_until' => 0 ) );
	Listen_To_The_Article\Queue::hurry();
	Listen_To_The_Article\Sending::run( true );
	$free = Listen_To_The_Article\Queue::lock();
	if ( $free ) {
		Listen_To_The_Article\Queue::unlock();
		break;
	}
	usleep( 100000 );
} while ( microtime( true ) < $until );
echo Listen_To_The_Article\Queue::waiting();
