"""Tells the audio service how every article page stands, and shows the player on the page.

Needed settings, as `tts-service hooks add wagtail` prints them:

LISTEN_ADDRESS  the hook's address
LISTEN_SECRET   the hook's secret
LISTEN_SITE     the site's name in the audio service
LISTEN_PAGES    page model -> where its text is: {"blog.ArticlePage": ["standfirst", "body"]}. A field, a list of
                fields, or a function that takes (page, request) and returns HTML: itself, or its dotted name.

Optional settings:

LISTEN_BASE        where readers reach the audio service, if that isn't where this site reaches it
LISTEN_KEY         an API key with the scope clips:grant: switches on audio for readers with access to a private page
LISTEN_AUTHOR      where the author's name is: a field, an attribute or "package.module.function" taking the page
LISTEN_LANGUAGE    function that takes a page and returns its language tag
LISTEN_VISIBILITY  function that takes a page and returns "public", "paid", "members", …: for a paywall of your own
LISTEN_MAY_LISTEN  function that takes (page, request): whether this reader may hear what LISTEN_VISIBILITY closed

docs/cms/wagtail.md leads through all of it.
"""
