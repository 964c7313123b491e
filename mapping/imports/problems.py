"""The one error of files from outside."""


class TableProblem(ValueError):
    """A file that cannot be read as a table, or not as what it is wanted for.

    `str()` is one plain sentence for the command line; `code` and `params` name the sentence of
    `mapping.imports.messages` for pages.
    """

    def __init__(self, text: str, code: str = "file_unreadable", **params: object) -> None:
        super().__init__(text)
        self.code = code
        self.params: dict[str, object] = params
