"""Cases: listeners' reports gathered, weighed, followed and decided."""
