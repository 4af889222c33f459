"""Outgoing HTTP: the only client for article pages, feeds, CMS APIs and callbacks.

No other code calls addresses from outside.
"""
