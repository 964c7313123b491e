"""Reports of barriers: the form that every page links to, and the letter that it becomes."""
