"""What is wrong with dates, as a value; `services.events.sentences` has the words."""


class CalendarProblem(ValueError):
    """A rule or a moment that cannot be; `code` and `params` name the reason."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, object] = params
