"""What a restored backup must know: what was erased since, and which campaigns wait for a decision."""
