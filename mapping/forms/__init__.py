"""The form of a contribution, shared by citizens, authors and planners."""
