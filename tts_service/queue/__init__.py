"""Work that waits in the database until a worker has time for it: the same way for jobs, callbacks, webhooks, feeds, …

    turns     a queue, and its next row: sites or endpoints take turns, and each has room for a number of workers
    claim     a row belongs to one worker for a time: a lease limits the time, a fence the writes
    work      a worker's turn: rows are claimed and done until none is due
    rings     "this queue has work" to the broker, bounded by the slots
    doorbell  the broker
    backoff   waits between attempts

A queue's table has the columns of db.tables.base.Leased. The broker holds rings only, so that one lost, doubled or late
changes nothing.
"""
