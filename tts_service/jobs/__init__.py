"""A job's life. The only writer of job state, each change a compare-and-set.

    submit    received -> queued: one transaction, then the broker is told
    dispatch  queued -> released to the broker: by priority, then fair share of sites; sweeps what was left behind
    lease     queued -> running: claimed by one worker with a lease and a fence, renewed, given back
    slices    running: prepare, speak about a minute, give back, or finish
    outcome   running -> succeeded | failed | queued again

States: queued, running, succeeded, failed, cancelled, superseded. The database is the queue of record; the broker is
a doorbell that may lose or repeat ids without harm.
"""
