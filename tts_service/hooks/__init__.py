"""What follows from a CMS's webhook.

    book      the addresses CMSs call: added, removed, found
    inbox     a delivery comes in: checked, kept, answered
    keeping   the one insert that keeps it, and all that wait with it
    take      events are done: claimed, settled, or tried again later
    applying  one event and its article: rendered, withdrawn, held back, or a reason why not
    identity  which article a language version of a document is
    asking    what a webhook doesn't carry, from the CMS's API
    fetching  the function that calls that API
    recall    how a known article stands today, by the CMS's API
    staff     what came in, shown; done again; forgotten after a while

The answer never waits for what follows from it: that is done by beat, or by a worker where the CMS has to be asked.
"""
