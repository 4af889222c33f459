"""Speech engines: utterances to sound, in a child process."""
