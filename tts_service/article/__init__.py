"""1. received -> blocks: what was published becomes pieces with a kind, each spoken or skipped with a reason."""
