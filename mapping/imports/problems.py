"""The error for invalid import files."""


class TableProblem(ValueError):
    """A file that cannot be read as a table, or that does not suit the kind of import.

    `str()` is one plain sentence for the command line; `code` and `params` select the message of
    `mapping.imports.messages` for pages.
    """

    def __init__(self, text: str, code: str = "file_unreadable", **params: object) -> None:
        super().__init__(text)
        self.code = code
        self.params: dict[str, object] = params
