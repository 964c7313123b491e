"""Errors of queries about contributions."""


class QueryProblem(ValueError):
    """A query that cannot be evaluated: a machine-readable `code`, and `params` for the message.

    Of filters: `unknown_status`, `unknown_source`, `unknown_weekday`, `unknown_hours`, `unknown_reply`,
    `dates_malformed`, `dates_out_of_range`, `dates_reversed`, `no_such_question` (question),
    `question_without_choices`, `unknown_answer` (value, choices), `not_a_range` (value), `too_long` (max).
    Of heat maps: `unknown_grid`,
    `unknown_size`, `unknown_measure`, `question_missing`, `question_not_numeric`, `no_such_part` (choices),
    `no_districts` (the campaign has no layer), `too_many_cells` (size, limit, smallest: the smallest size that works).
    `params["parameter"]` names the parameter.
    """

    def __init__(self, code: str, **params: object) -> None:
        self.code: str = code
        self.params: dict[str, object] = params
        super().__init__(f"{code} {params}")
