"""What listeners send: reports about a clip, and how much of it they heard.

reports    a report, stored at the word it is about
listening  plays and progress, counted without identifying anyone
"""
