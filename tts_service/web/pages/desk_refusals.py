"""What staff are refused at the desk: decisions, corrections, pronunciations. As they are raised."""

from __future__ import annotations

from tts_service.web.languages import gettext_noop

DESK_REFUSALS = (
    gettext_noop("Your account is only for: {sites}."),
    # Decisions about cases.
    gettext_noop("There is no case {id}."),
    gettext_noop("Enter the number or the address of the other case."),
    gettext_noop("The form doesn't say which version of the case it shows: reload the page."),
    gettext_noop("There is no decision {decision}."),
    gettext_noop("The decision must be one of {decisions}."),
    gettext_noop("The list of cases can't be read: reload the page and choose them again."),
    gettext_noop("This report will be on the desk in a moment: reload this page."),
    gettext_noop("A correction has been made for this case: take back the correction."),
    gettext_noop("A note must have 1 to {most} characters."),
    gettext_noop("Choose 1 to {most} cases."),
    gettext_noop("Choose some of the case's reports: at least one, and not all."),
    gettext_noop("Give the reason that the listeners will read, in 1 to {most} characters."),
    gettext_noop("Name 1 to {most} other cases to merge into this one."),
    gettext_noop("The case {case} belongs to the site {site}, not to {other}."),
    gettext_noop("The case {case} can't be the one that counts: choose one that is no duplicate itself."),
    gettext_noop("The case {case} is a duplicate itself: merge into {other}."),
    gettext_noop("The report {report} isn't in the case {case}."),
    gettext_noop("There is no active account {id} to assign the case to."),
    gettext_noop("There is no decision to undo in this case."),
    gettext_noop("This case is a duplicate of {case}: decide that one, or undo."),
    gettext_noop("This case was settled by a correction: take back the correction."),
    gettext_noop("{name} has no access to the site {site}."),
    gettext_noop("The case {case} has changed: look at it again."),
    gettext_noop("The cursor is not valid: use `next` from the previous page."),
    # Corrections.
    gettext_noop("There is no correction {id}."),
    gettext_noop("A correction is taken back or tried again, not {deed}."),
    gettext_noop("Say which entry is to be removed."),
    gettext_noop("The case is about {site}, and the entry is for {place}."),
    gettext_noop("The case is about {site}, and the article is of {other}."),
    gettext_noop(
        "Another voice was chosen for this article after this correction: choose the one that it should have."
    ),
    gettext_noop("The same was repaired again after this correction: take that one back first."),
    gettext_noop("The form can't be read: send multipart/form-data."),
    gettext_noop("The entry {entry} is for {place}. To move it, remove it and add one for {other}."),
    gettext_noop("The reason can have at most {most} characters."),
    gettext_noop("Correction {id} changed the same entry later: take that one back first."),
    gettext_noop("Correction {id} doesn't affect clip {clip}."),
    gettext_noop("Correction {id} was taken back already."),
    gettext_noop("Correction {id} was taken back for clip {clip} already."),
    gettext_noop("No clip of correction {id} failed."),
    gettext_noop("The entry {entry} was changed after this correction: change it again instead."),
    gettext_noop("This correction is for one article only: take back the correction itself."),
    gettext_noop("Clip {clip} has no revision {revision}."),
    gettext_noop("Revision {revision} of clip {clip} has no sentence {sentence}."),
    gettext_noop("There is no clip {clip} with revision {revision}."),
    gettext_noop("This sound isn't kept any more: try the sentence again."),
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
    # Pronunciations.
    gettext_noop("The form can't be read: reload the page."),
    gettext_noop("Enter the word as it is written in the article."),
    gettext_noop("There is no lexicon entry {id}."),
    gettext_noop("A note can have at most {most} characters."),
    gettext_noop("An article's id must have 1 to 200 characters, without control characters."),
    gettext_noop("An entry can leave out at most {most} articles; these are {count}."),
    gettext_noop("An entry for one article can't leave out articles."),
    gettext_noop("The article {article} belongs to the site {site}; an entry for {place} doesn't apply to it anyway."),
    gettext_noop("The grapheme {grapheme} already has an entry: {entry}."),
    gettext_noop("The scope {scope} needs {what}."),
    gettext_noop("There are already {count} entries, the maximum: remove some first."),
    gettext_noop("{name} is not a valid site name."),
    gettext_noop("A lexeme must have 1 to {most} graphemes; this one has {count}."),
    gettext_noop("An entry needs either a respelling (alias) or IPA, not both."),
    gettext_noop("The grapheme {grapheme} has no letter or digit."),
    gettext_noop("The grapheme {grapheme} has {count} words; the limit is {most}."),
    gettext_noop("The grapheme {grapheme} is listed twice."),
    gettext_noop("The {field} {text} contains nothing to speak."),
    gettext_noop("{text} has a character that can't be stored: U+{point}."),
    gettext_noop("{text} has {count} characters; the limit is {most}."),
    gettext_noop('{tag} is not a language tag such as "en" or "en-GB".'),
    gettext_noop("A pronunciation must have 1 to {most} IPA symbols."),
    gettext_noop("No voice for {language} supports pronunciations: enter an alias (a respelling)."),
    gettext_noop("No voice for {language} supports {symbols} in the pronunciation {ipa}."),
)
"""What a message names stands in braces."""
