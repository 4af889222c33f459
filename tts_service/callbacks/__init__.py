"""Outgoing callbacks: each result is sent to the publisher in a signed request (Standard Webhooks 1.0.0).

    news       what happened, as the data of an event
    outbox     an event → one delivery for each address that hears it, in the transaction of what happened
    release    due deliveries → the broker; every delay lies in the database
    claim      one delivery → one worker for a while, at most four at a time of an endpoint
    deliver    signed, sent, and what came of it is kept
    next_try   an answer → delivered, again at a time, or given up: a value
    endpoints  the addresses: added, changed, removed; secrets: made and rotated
    log        deliveries and their tries: shown, sent again, forgotten

Each event is delivered at least once, in no order: receivers go by its id and by the revision in it.
"""
