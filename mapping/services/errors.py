"""Errors of writes as values, which pages, API and commands turn into messages and statuses.

`services.messages` has the sentence for each code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """One machine-readable reason with the parameters of its message."""

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
        """The error as a `Problem`."""
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


class SignInNeeded(NotAllowed):
    """The campaign (`slug`) is open to people who signed in only, and this person did not."""

    def __init__(self, slug: str) -> None:
        super().__init__("sign_in_needed")
        self.slug = slug


class Conflict(DomainError):
    """The stored object is a different one or has changed meanwhile, e.g. `id_taken`, `status_changed`."""


class Missing(DomainError):
    """What the address is about does not exist, e.g. `no_survey`."""


class Gone(DomainError):
    """The object existed but was removed, e.g. `export_gone`."""


class NotStored(DomainError):
    """A disk is full (`storage_full`) or cannot be written (`storage_unavailable`): nothing was stored."""


class TooMany(DomainError):
    """The person did this too often; they may try again after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too_many_requests", retry_after=retry_after)
        self.retry_after = retry_after


class ProofNeeded(TooMany):
    """Under heavy load: the request is accepted with a proof of work at once, without after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.code = "proof_needed"


def invalid(name: str, code: str, **params: object) -> Invalid:
    """Make an Invalid error for one field."""
    return Invalid({name: [Problem(code, params)]})
