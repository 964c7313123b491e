"""Counting, as pure functions: votes, budgets, rankings, files of Pabulib. Knows no Django."""
