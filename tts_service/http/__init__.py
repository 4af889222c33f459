"""Outgoing HTTP: the one guarded client for article pages, feeds, CMS APIs and callbacks.

Nothing else in this service calls an address that someone outside gave it.
"""
