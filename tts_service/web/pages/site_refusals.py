"""What staff are refused about sites: options, policies, feeds, hooks, keys, callbacks. As they are raised."""

from __future__ import annotations

from tts_service.web.languages import gettext_noop

SITE_REFUSALS = (
    gettext_noop("This form is not known here: open the page again."),
    gettext_noop("{name} is not a valid site name: use letters, digits, '.', '-' and '_', at most 64."),
    gettext_noop("{name} is not a valid site name."),
    gettext_noop("Options can have at most {most} characters."),
    gettext_noop("A policy can have at most {most} characters."),
    gettext_noop("The site {site} has no policy of its own; it uses the default."),
    gettext_noop("A site can have at most {most} origins."),
    gettext_noop("{origin} is not an origin: write it as https://www.example.org, without a path or *."),
    # The audition of voices.
    gettext_noop("Enter a text, or choose an article."),
    gettext_noop("The text has {count} characters: at most {most} are read here."),
    gettext_noop("The text has no word that can be spoken: enter another one."),
    gettext_noop("No installed voice of this language is called {voice}: choose one of the list."),
    gettext_noop("Choose a voice."),
    gettext_noop("There is no article {article} of {site}."),
    gettext_noop("This sound isn't kept any more: let the voice speak the text again."),
    # Feeds.
    gettext_noop("{url} is not an http(s) URL."),
    gettext_noop("The URL must not contain a user name or password."),
    gettext_noop("The site {site} has no feed {url}."),
    gettext_noop("The site {site} already has the feed {url}."),
    gettext_noop("The site {site} already has {count} feeds, the maximum: remove one first."),
    # Hooks.
    gettext_noop("There is no hook {id}."),
    gettext_noop("{line} is not valid: write name=value."),
    gettext_noop("Unknown source {source}."),
    gettext_noop("Unknown hook option {option}."),
    gettext_noop("Unknown article field {field}."),
    gettext_noop("Unknown queue {queue}."),
    gettext_noop("A secret must have {least} to {most} characters."),
    gettext_noop("This secret can't be used with {source}: {reason}."),
    gettext_noop("A Standard Webhooks secret is whsec_ followed by base64."),
    gettext_noop("A Standard Webhooks secret is whsec_ followed by 24 to 64 bytes in base64."),
    gettext_noop("That is Contentful's Preview API, which returns drafts: use cdn.contentful.com."),
    # Keys.
    gettext_noop("There is no key {id}."),
    gettext_noop("Name the key: who uses it."),
    gettext_noop("Choose at least one right."),
    gettext_noop("There is no scope {scope}: choose from {scopes}."),
    gettext_noop("A key needs at least one scope: choose from {scopes}."),
    gettext_noop("Enter the days as a number from 1 to {most}."),
    gettext_noop("The key {id} no longer works: create a new one."),
    gettext_noop("The keys {id} and {other} are both active: revoke one of them first."),
    # Callbacks and sign-in elsewhere.
    gettext_noop("A delivery's state must be one of {states}, not {state}."),
    gettext_noop("{name} reports a different issuer: check TTS_OIDC_ISSUER."),
    gettext_noop("{name} doesn't publish its {parts}."),
    gettext_noop("{url} returned {status} without a JSON object."),
    gettext_noop("Your account is for no site any more: ask an admin."),
    gettext_noop("The site {site} is being erased: nothing is accepted for it until that is finished."),
    gettext_noop("There is no site {site}."),
    gettext_noop("To erase this site, type its name."),
)
"""What a message names stands in braces."""
FIELD_FAULTS = (
    gettext_noop("must be one line that isn't empty"),
    gettext_noop("must not be blank"),
    gettext_noop("must have a letter or a digit"),
    gettext_noop('must be a language tag such as "en" or "de-AT"'),
    gettext_noop("must be an e-mail address such as audio@example.org"),
    gettext_noop(
        "must be the name of a parameter, such as fbclid or utm_*: no space, &, = or #, and * only at its end"
    ),
    gettext_noop("must be the IANA name of a time zone, such as Europe/Berlin"),
    gettext_noop("must be an http(s) address: write it as https://www.example.org/article"),
    gettext_noop("an address has at most {most} characters"),
    gettext_noop("{voice} speaks {spoken}, but is chosen for {language}"),
    gettext_noop("String should have at most {most} characters"),
    gettext_noop("String should have at most {most} character"),
    gettext_noop("String should have at least {least} character"),
    gettext_noop("String should have at least {least} characters"),
    gettext_noop("Input should be a valid string"),
    gettext_noop("Input should be a valid number"),
    gettext_noop("Input should be a valid integer"),
    gettext_noop("Input should be a valid integer, got a number with a fractional part"),
    gettext_noop("Input should be greater than or equal to {least}"),
    gettext_noop("Input should be less than or equal to {most}"),
    gettext_noop("Input should be {choices}"),
    gettext_noop("Tuple should have at most {most} items after validation, not {count}"),
    gettext_noop("Dictionary should have at most {most} items after validation, not {count}"),
)
"""What is wrong with one field of a form, as its validator says it."""
