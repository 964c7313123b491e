"""The step of a campaign's setup in which votes are made: rules, options, ideas taken over."""
