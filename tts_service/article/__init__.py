"""Step 1, received -> blocks: splits an article into typed pieces, each spoken or skipped with a reason."""
