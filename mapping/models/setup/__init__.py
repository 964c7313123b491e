"""What planners make of a campaign beside its questions: phases, pictures, the history of changes."""
