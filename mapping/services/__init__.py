"""Every write: atomic, typed, checked, recorded. Forms, API, importer and commands all call these functions."""
