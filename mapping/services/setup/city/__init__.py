"""The city's page: name, logo, colour, contact, imprint, boundary; each change is kept in a history."""
