"""What a proposed change of pronunciation or rule would change, over all articles, before it is saved."""
