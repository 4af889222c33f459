<?php
/** Prints a password with which the first user may use the REST API: php application-password.php SITE_FOLDER. */

require $argv[1] . '/wp-load.php';
echo WP_Application_Passwords::create_new_application_password( 1, array( 'name' => 'driver' ) )[0];
