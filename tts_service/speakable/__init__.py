"""2. blocks -> utterances: sentences found, and every written word turned into the words that are said."""
