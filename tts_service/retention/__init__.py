"""What is deleted and when: articles on request, listeners' personal data on schedule."""
