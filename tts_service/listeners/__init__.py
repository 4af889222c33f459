"""Listeners' data: reports about a clip, and how far it is heard.

reports    a report, stored at the word it is about
listening  plays and progress, counted without identifying anyone
"""
