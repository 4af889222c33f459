"""What staff are refused about articles: fetched pages, their audio, repairs, recordings. As they are raised."""

from __future__ import annotations

from tts_service.web.languages import gettext_noop

ARTICLE_REFUSALS = (
    # A new article.
    gettext_noop("Enter a text, or the address of an article."),
    gettext_noop("The article has no text: neither a title nor anything in its source."),
    gettext_noop("The article has no text: send it as text, html, markdown or ssml."),
    gettext_noop("The article has a title but no text."),
    gettext_noop("The text has {characters} characters; the limit is {most}."),
    gettext_noop("The HTML has {size} bytes; the limit is {most}."),
    gettext_noop("The article has more than {most} paragraphs, headings and list items: send it in parts."),
    gettext_noop("Audio for {visibility} can't be stored: TTS_AUDIO_BASE_URL serves the store to everybody."),
    gettext_noop("A restricted article can't be opened by publish_at: send it again when it becomes public."),
    gettext_noop("A newer state of this article, by {seconds} s, is already known."),
    gettext_noop("A state of this article with the same time that was reported later is already known."),
    gettext_noop(
        "The article was closed at exactly this time, so it is unclear whether it was opened afterwards. Save it again "
        "in the CMS."
    ),
    gettext_noop("Unknown audio format {format}."),
    gettext_noop("Unknown voice {voice}. Voices: {voices}."),
    gettext_noop("Unknown voice {voice}. Voices: {voices}. The engine {engine} is not available: {error}"),
    gettext_noop("No voice speaks {language}. Languages with a voice: {languages}."),
    # Pages that are fetched.
    gettext_noop("The page at {url} is empty."),
    gettext_noop("{url} has {size} bytes; the limit is {most}."),
    gettext_noop("{url} has the media type {media_type}: give the address of an HTML page."),
    gettext_noop("{url} returned HTTP status {status}: there is no page to read."),
    gettext_noop("{url} returned HTTP status {status}; try again later."),
    gettext_noop("There is no server called {host}: check the address."),
    gettext_noop("The name {host} can't be looked up right now: try again later."),
    gettext_noop("{host} accepts no connections on port {port}: check the address, or try again later."),
    gettext_noop("{host} doesn't respond on port {port}: check the address, or try again later."),
    gettext_noop("No secure connection (https) to {host} is possible: check the address."),
    gettext_noop("The certificate of {host} has expired: its operator has to renew it."),
    gettext_noop("The certificate of {host} is for another name: check the address."),
    gettext_noop("The certificate of {host} is not from an authority that this service trusts."),
    gettext_noop("{host} ended the connection before its response was complete: try again later."),
    gettext_noop("{host} doesn't answer in HTTP as a web server does: check the address."),
    gettext_noop("No complete response came within {seconds} s: try again later."),
    gettext_noop("The response of {host} is too large: {size} bytes; the limit is {most}."),
    gettext_noop("The response is larger than allowed."),
    gettext_noop("The response has more than {most} bytes."),
    gettext_noop("The response is compressed in more than {most} parts."),
    gettext_noop("The response is encoded as {coding}, which was not requested."),
    gettext_noop("The response ends too early: its gzip data is not complete."),
    gettext_noop("The response is damaged: its gzip data can't be unpacked."),
    gettext_noop("An address must have at most {most} characters, and no spaces around it."),
    gettext_noop("An address must begin with http:// or https:// and the name of a server."),
    gettext_noop("An address must not contain a user name or password."),
    gettext_noop("{address} is not a web address: check it."),
    gettext_noop("{name} is not the name of a server: check the address."),
    gettext_noop("{host} is called over https only: write https:// at the beginning."),
    gettext_noop(
        "{host} is not on the public internet. If it is yours, the operator can allow it with TTS_ALLOW_HOSTS."
    ),
    gettext_noop("Port {port} is not allowed; the operator can allow it with TTS_ALLOW_PORTS."),
    gettext_noop("{host} redirects from https to http, which is not followed."),
    gettext_noop("{host} redirects more than {most} times."),
    gettext_noop("{host} redirects to something that is not a web address."),
    gettext_noop("The egress proxy can't reach {host} ({error})."),
    gettext_noop("The egress proxy refuses to call {host} ({error})."),
    gettext_noop("The egress proxy can't call IPv6 addresses such as {host}."),
    # An article and its audio.
    gettext_noop("Every part of the article was skipped: `tts-service extract` shows the reasons."),
    gettext_noop("There is no article {id}."),
    gettext_noop("The site {site} has no article {id}."),
    gettext_noop("This article has no clip."),
    gettext_noop("Nothing is heard of this article."),
    gettext_noop("Nothing is heard of clip {clip}."),
    gettext_noop("Revision {revision} of this article is not finished."),
    gettext_noop("Revision {revision} of this article wasn't made by a job: send the article again first."),
    gettext_noop("Revision {revision} of clip {clip} wasn't made by a job."),
    gettext_noop("Revision {revision} of clip {clip} wasn't made from a text."),
    gettext_noop("Revision {revision} of clip {clip} isn't heard any more."),
    gettext_noop("Revision {revision} of clip {clip} is read by a person: it has no sentences."),
    gettext_noop("Job {job} is rendering clip {clip}: wait until it has ended."),
    gettext_noop("No text of this article is stored: send it again from the CMS."),
    gettext_noop("Text, voice, pronunciations and policy are those of the newest version: it would sound the same."),
    gettext_noop(
        "The site {site} may send {left} more characters until {until}, of {limit}: this text has {characters}."
    ),
    gettext_noop(
        "The site {site} may have {limit} bytes of finished audio and has {used}: erase articles, or keep earlier "
        "versions for fewer days."
    ),
    gettext_noop("The CMS withdrew this article: publish it again in the CMS."),
    gettext_noop("The article is not withdrawn."),
    gettext_noop("The article is withdrawn already."),
    gettext_noop("The article is withdrawn: restore it first."),
    gettext_noop("Nothing of this clip waits for release."),
    gettext_noop("Revision {held} is held now, not revision {revision}: listen to it before you release it."),
    gettext_noop(
        "Revision {newer} was published after revision {held} was made: render the article again, then release the new "
        "revision."
    ),
    # Repairs of one article, and rules for the blocks of a site.
    gettext_noop("{rate} is not a speed: enter a number from 0.5 to 2."),
    gettext_noop("The sentence doesn't contain {words}."),
    gettext_noop("These words aren't in the sentence, which has {count} characters."),
    gettext_noop("This sentence is announced, not read: it can't be repaired."),
    gettext_noop("This passage begins or ends inside a word: it can't be repaired by itself."),
    gettext_noop("Clip {clip} has revision {revision} now: hear the sentence there."),
    gettext_noop("Give either a respelling or IPA, not both."),
    gettext_noop("Say what is to be repaired: a respelling, IPA, or the pause behind the sentence."),
    gettext_noop("Say what is to be repaired: the voice or the speed."),
    gettext_noop("A pause lasts 0 to {most} ms."),
    gettext_noop("A respelling has 1 to {most} characters."),
    gettext_noop("The article is already spoken by this voice at this speed: choose another."),
    gettext_noop("The speed is {least} to {most}; 1.0 is the voice's own."),
    gettext_noop("{voice} speaks {spoken}, but the article is in {language}."),
    gettext_noop("A rule's text must have 1 to 300 characters, a letter or digit among them."),
    gettext_noop("The site has this rule already."),
    gettext_noop("The site doesn't have this rule any more."),
    # Recordings.
    gettext_noop("Choose a sound file."),
    gettext_noop("The file can't be decoded: send WAV, MP3, M4A, Ogg (Opus, Vorbis) or FLAC, and the whole file."),
    gettext_noop("The file has no sound in it."),
    gettext_noop("The recording is longer than {hours} hours."),
    gettext_noop("The recording has {seconds} s: it is too short. The least is {least} s."),
    gettext_noop("The recording has nothing but silence: check the microphone and the file."),
    gettext_noop("The recording has a loudness of {lufs} LUFS, which is silence: check the microphone and the file."),
    gettext_noop("The recording has only breaths and clicks: check the file."),
    gettext_noop(
        "The recording is overdriven: {share} % of it is at the limit of the format, which is heard as distortion. "
        "Record it again with a lower input level."
    ),
    gettext_noop(
        "The recording lasts {recorded}, the synthetic version {synthetic}: is it another article's? If not, say that "
        "its length is right."
    ),
    gettext_noop("Another version is being made: wait until it has ended."),
    gettext_noop("Another version was published meanwhile: send the recording again if it is still right."),
    gettext_noop("A new version waits for its release: release it first, so that the recording follows its text."),
    gettext_noop("The article has no finished version: its text has to be read once before it is replaced."),
    gettext_noop("No recording is heard: there is nothing to take back."),
    gettext_noop("A person reads this article: take the recording back before you change how it is spoken."),
)
"""What a message names stands in braces."""
