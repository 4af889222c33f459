<?php
/** The plugin's texts in the language of the page: English is the key, see the folder words/. */

namespace Listen_To_The_Article;

defined( 'ABSPATH' ) || exit;

/** `$english` in the current language, with `$values` put in as sprintf does. */
function say( $english, ...$values ) {
	static $words = array();
	$language     = substr( determine_locale(), 0, 2 );
	if ( ! isset( $words[ $language ] ) ) {
		$known              = in_array( $language, array( 'de', 'es', 'fr', 'it' ), true );
		$words[ $language ] = $known ? require FOLDER . "/words/$language.php" : array();
	}
	$text = $words[ $language ][ $english ] ?? $english;
	return $values ? vsprintf( $text, $values ) : $text;
}
