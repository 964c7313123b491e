"""Heat maps to take along: what a report holds, its page in one file, its picture. Owns no table."""
