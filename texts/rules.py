"""Permission predicates of texts, of role, moment and object; those of campaigns are in `mapping.rules`."""
