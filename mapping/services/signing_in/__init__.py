"""People who sign in at the citizens' provider, so that each counts once: a digest per campaign, nothing else."""
