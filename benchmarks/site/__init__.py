"""The site of a whole city: its pages, its letters, what is left when processes are killed."""
