"""All writes: atomic, typed, validated, recorded. Forms, API, importer and commands call these functions."""
