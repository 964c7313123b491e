"""The step of the languages: which are offered, the table of translations, and its files for translators."""
