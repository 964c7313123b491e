"""Search over everything public: kinds of texts, queries, what is found, snippets, suggestions.

The index (`models.search`) proposes; the gate of each kind decides, in the same statement, what is found and counted.
"""
