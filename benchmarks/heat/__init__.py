"""Heat maps, what counting costs, what protected campaigns publish."""
