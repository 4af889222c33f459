"""We listen before listeners do: new sentences are heard by a recogniser, and what sounds wrong becomes a case."""
