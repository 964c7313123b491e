"""What planners make of votes: rules, options, ideas taken over, what is missing before publishing."""
