"""Calling out: the one guarded HTTP client for article addresses, feeds, CMS APIs and callbacks.

Nothing else in this service calls an address that someone outside gave it.
"""
