"""Events: calendar, event pages, registrations."""
