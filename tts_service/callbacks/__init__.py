"""Outgoing callbacks: each result is sent to the publisher in a signed request (Standard Webhooks 1.0.0).

    news       results as the data of events
    outbox     event → one delivery per interested endpoint, in the transaction that stores the result
    deliveries the queue of deliveries, at most four per endpoint at a time; stores the result of an attempt
    deliver    signs and sends a delivery
    next_try   response → delivered, retry at a time, or give up: a value
    endpoints  endpoints: add, change, remove; secrets: create and rotate
    log        deliveries and attempts: list, replay, expire

Delivery is at least once and unordered: receivers must use the event's id and its revision.
"""
