"""The city's own ground from files: read (`reading`), classified (`tags`, `columns`), shaped, stored (`storing`).

Everything but `storing` works without Django.
"""
