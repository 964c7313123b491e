"""The index of the search: which words public texts have. Disposable: `rebuild_search` makes it anew."""
