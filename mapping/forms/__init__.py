"""The one form of a contribution: citizens fill it in, authors and planners change with it."""
