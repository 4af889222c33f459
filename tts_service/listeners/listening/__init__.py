"""How far clips are listened to, by clip revision and day.

Nothing here says who listened: no address, no cookie, no id, no time of day.
"""
