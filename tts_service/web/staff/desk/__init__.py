"""The desk: the queue, a case, trying a pronunciation, corrections."""
