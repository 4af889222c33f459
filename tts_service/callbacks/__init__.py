"""Outgoing callbacks: each result is sent to the publisher in a signed request (Standard Webhooks 1.0.0).

    news       results as the data of events
    outbox     event → one delivery per interested endpoint, in the transaction that stores the result
    release    due deliveries → the broker; all delays are stored in the database
    claim      leases a delivery to one worker, at most four per endpoint at a time
    deliver    signs and sends a delivery, and stores the result
    next_try   response → delivered, retry at a time, or give up: a value
    endpoints  endpoints: add, change, remove; secrets: create and rotate
    log        deliveries and attempts: list, replay, expire

Delivery is at least once and unordered: receivers must use the event's id and its revision.
"""
