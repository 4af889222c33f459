"""Tells the audio service of every page that is published or taken offline, and shows the player.

Settings: LISTEN_ADDRESS, LISTEN_SECRET (as `tts-service hooks add wagtail` prints them), LISTEN_SITE (the site's name
there) and LISTEN_PAGES, page model -> field with the text: {"blog.ArticlePage": "body"}.
"""
