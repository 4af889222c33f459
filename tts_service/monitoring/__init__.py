"""How the whole service is doing: counts of all processes, signs of life, what is down."""
