"""Why a write was refused, as values that every shell (page, API, command) turns into its own words and statuses.

`services.messages` has the sentence for each code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """One machine-readable reason with the values of its sentence."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


class DomainError(Exception):
    """A write was refused; nothing of it was stored. `code` and `params` name the reason."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, object] = params

    @property
    def problem(self) -> Problem:
        """The reason as a value."""
        return Problem(self.code, self.params)


class Invalid(DomainError):
    """The input is wrong: problems by field ("geometry", "category", "text", "answers.<slug>", "photos", ...)."""

    def __init__(self, fields: Mapping[str, list[Problem]]) -> None:
        super().__init__("invalid")
        self.fields: dict[str, list[Problem]] = dict(fields)

    def __str__(self) -> str:
        found = (f"{name}: {problem.code}" for name, problems in self.fields.items() for problem in problems)
        return ", ".join(found)


class NotAllowed(DomainError):
    """The input may be right, but this person may not do this now, e.g. `campaign_closed` (params: closes_at)."""


class Conflict(DomainError):
    """The stored thing is another one or has changed meanwhile, e.g. `id_taken`, `status_changed`."""


class Gone(DomainError):
    """The thing was there and is not any more, e.g. `export_gone`."""


class NotStored(DomainError):
    """A disk is full (`storage_full`) or cannot be written (`storage_unavailable`): nothing of it was stored."""


class TooMany(DomainError):
    """The person did this too often; they may try again after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too_many_requests", retry_after=retry_after)
        self.retry_after = retry_after


class ProofNeeded(TooMany):
    """Very much comes in: it passes with a proof of work at once, without one after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.code = "proof_needed"


def invalid(name: str, code: str, **params: object) -> Invalid:
    """An error about one field."""
    return Invalid({name: [Problem(code, params)]})
