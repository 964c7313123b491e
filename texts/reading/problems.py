"""What is wrong with a document: a code and its parameters, which `mapping.services.messages` has a sentence for."""


class DocumentProblem(Exception):
    """A document cannot become a text."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, object] = params
