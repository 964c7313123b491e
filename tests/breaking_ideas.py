"""The same for answers to comments, support for comments and flags, for `tests.breaking`."""

from collections.abc import Callable
from typing import Any

from mapping.models import Comment, CommentSupport, Contribution, Flag
from tests import personas


def flag_with(**fields: Any) -> Callable[[Contribution], object]:
    values: dict[str, Any] = {"reason": "insulting"}
    return lambda stored: Flag.objects.create(**(values | {"contribution": stored} | fields))


def _flag_of_two(stored: Contribution) -> object:
    return flag_with(comment=personas.make_comment(stored))(stored)


def _answer(stored: Contribution, parent: Comment, **fields: Any) -> Comment:
    values: dict[str, Any] = {"answers_comment": True, "text": "No."} | fields
    return Comment.objects.create(
        contribution=stored, participant=personas.make_participant(stored.campaign), parent=parent, **values
    )


def _answer_to_an_answer(stored: Contribution) -> object:
    return _answer(stored, _answer(stored, personas.make_comment(stored)))


def _answer_elsewhere(stored: Contribution) -> object:
    other = personas.make_contribution(stored.campaign)
    return _answer(stored, personas.make_comment(other))


def _answered_becomes_an_answer(stored: Contribution) -> object:
    parent = personas.make_comment(stored)
    _answer(stored, parent)
    return Comment.objects.filter(pk=parent.pk).update(answers_comment=True)


def _support_twice(stored: Contribution) -> None:
    comment, person = personas.make_comment(stored), personas.make_participant(stored.campaign)
    for _time in range(2):
        CommentSupport.objects.create(comment=comment, participant=person)


OF_IDEAS: list[tuple[str, Callable[[Contribution], object]]] = [
    (
        "comment_answer_to_comment",
        lambda stored: _answer(stored, personas.make_comment(stored), answers_comment=False),
    ),
    ("comment_support_once", _support_twice),
    ("flag_of_one_thing", flag_with(contribution=None)),
    ("flag_of_one_thing", _flag_of_two),
    ("flag_reason", flag_with(reason="boring")),
    ("flag_explained", flag_with(reason="unlawful")),
    ("flag_explained", flag_with(reason="other")),
    ("flag_closed_with_outcome", flag_with(outcome="kept")),
    ("flag_closed_with_outcome", flag_with(closed_at=personas.EPOCH)),
    ("flag_closed_with_outcome", flag_with(outcome="maybe", closed_at=personas.EPOCH)),
]

OF_TRIGGERS: list[tuple[str, Callable[[Contribution], object]]] = [
    ("comment_one_level", _answer_to_an_answer),
    ("comment_one_level", _answer_elsewhere),
    ("comment_one_level", _answered_becomes_an_answer),
]
"""Rules of triggers, which the models do not name."""
