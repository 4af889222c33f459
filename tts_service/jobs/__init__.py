"""A job's life. The only writer of job state, each change a compare-and-set.

    submit    received -> queued: one transaction, then the broker is told
    dispatch  rings for workers while jobs are due; sweeps what was left behind
    turns     claims the next job of a queue, sites in turn
    lease     queued -> running: claimed by one worker with a lease and a fence, renewed, given back
    slices    running: prepare, speak about a minute, give back, or finish
    outcome   running -> succeeded | failed | queued again

States: queued, running, succeeded, failed, cancelled, superseded. The database is the queue of record; the broker holds
rings only.
"""
