"""What is deleted and when: articles on request, everything else on schedule."""
