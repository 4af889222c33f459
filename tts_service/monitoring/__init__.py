"""The state of the whole service: counts of all processes, signs of life, what is down."""
