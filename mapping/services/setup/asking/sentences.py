"""What managers read about categories and questions while they edit them; others: `services.messages`."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ASKING: Final[Mapping[str, str | Promise]] = {
    "in_words": "%(message)s",
    "whole_number": _("Please enter a whole number."),
    "too_many_steps": _("A scale has at most %(max)s steps."),
    "choices_needed": _("Please list at least one answer to choose from."),
    "rows_needed": _("Please list the statements that are to be judged."),
    "too_many_choices": _("At most %(max)s answers to choose from are possible. Please ask in another way."),
    "too_many_rows": _("At most %(max)s statements are possible."),
    "title_twice": _("This stands here twice. Please give each its own title."),
    "picture_needed": _("Please choose a picture."),
    "surveys_only": _("Questions of this kind are asked in surveys only."),
    "too_many_questions": _("At most %(max)s questions are possible here. Please remove one first."),
    "too_many_categories": _("At most %(max)s categories are possible. Please remove one first."),
    "place_type_needed": _("Please choose at least one kind of place, or “no place”."),
    "place_type_used": _(
        "There are contributions with this kind of place: %(types)s. It stays allowed, so that their authors can "
        "correct them."
    ),
    "category_in_use": _(
        "This category has %(number)s contributions. They are not deleted with it: please choose where they move, "
        "or close the category."
    ),
    "too_many_to_move": _(
        "These are too many contributions to be moved at once: %(number)s, at most %(max)s. Please close the "
        "category instead."
    ),
    "places_do_not_fit": _(
        "Some of the contributions have places that “%(title)s” does not take. Please choose another category, or "
        "close this one."
    ),
    "kind_answered": _(
        "People have answered this question already, so that its kind stays. Please add a new question instead."
    ),
    "audience_answered": _(
        "People have answered because only staff read it. That cannot be taken back. Please add a new question instead."
    ),
    "scale_answered": _(
        "People have answered on this scale already, so that its ends stay. Please add a new question instead."
    ),
    "choice_tested": _(
        "The conditions of these questions would not fit any more: %(titles)s. Please change those conditions first."
    ),
    "question_tested": _(
        "The conditions of these questions test this one: %(titles)s. Please change those conditions first."
    ),
    "order_breaks_conditions": _(
        "In this order the conditions of these questions would test a later question: %(titles)s. Please change those "
        "conditions first."
    ),
    "answers_undecided": _(
        "Answers are affected: %(number)s. Please decide whether they are kept or deleted, then save again."
    ),
    "question_changed": _(
        "Somebody else has changed this question meanwhile. What you typed still stands here: save again to overwrite "
        "the other change, or load the page anew to see it."
    ),
}
