"""Who counts: voting codes, ballots on paper, ballots that do not count."""
