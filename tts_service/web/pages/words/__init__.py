"""What the pages for readers say: a file for each language, all with the same names."""
