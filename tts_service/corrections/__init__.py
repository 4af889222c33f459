"""From report to fix: cases, trials, impact, corrections."""
