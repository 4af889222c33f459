"""What is erased and when: articles on request, listeners' personal data after their time."""
