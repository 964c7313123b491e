"""Why a file cannot be a document."""


class PdfProblem(Exception):
    """A file was refused; `code` names the reason, which `engagement.services.documents.sentences` puts in words."""

    def __init__(self, code: str, **params: int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
