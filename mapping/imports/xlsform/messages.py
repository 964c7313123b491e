"""Messages for findings in an XLSForm, by code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping.services.messages import filled

_SHEETS: Final[Mapping[str, Promise]] = {
    "sheet_missing": _("The workbook has no sheet of this name."),
    "column_missing": _("The sheet has no column “%(column)s”."),
    "column_twice": _("The column “%(column)s” stands twice. Please keep one of them."),
    "too_many_rows": _("The sheet has more than %(most)s rows. Nothing of it was read."),
    "no_questions": _("The form asks nothing that can be read."),
    "too_many_questions": _("These are more than %(most)s questions. Please ask fewer."),
    "text_missing": _("Here the text is taken from “%(language)s”, because it is missing in “%(first)s”."),
    "column_left_out": _("The column “%(column)s” is not read."),
    "languages_read": _("Texts in further languages are read as translations: %(languages)s."),
    "language_unknown": _(
        "The column “%(column)s” is not read: its language is not offered here, or it stands twice."
    ),
}
_CHOICES: Final[Mapping[str, Promise]] = {
    "choice_without_list": _("The choice belongs to no list (column list_name)."),
    "choice_without_name": _("The choice has no name (column name)."),
    "choice_twice": _("The list “%(list)s” has a choice named “%(value)s” already."),
    "choice_title_twice": _("The list “%(list)s” has another choice with the text of “%(value)s”."),
    "list_too_long": _("The list “%(list)s” has more than %(most)s choices. Please ask in another way."),
    "list_missing": _("There is no list “%(list)s” with choices in the sheet choices."),
    "other_parts_of_day": _(
        "The parts of the day are fixed here. Please ask with a list of your own, without the appearance part-of-day."
    ),
    "other_yes_no": _("A list for yes and no has the names yes and no, or true and false."),
    "picture_not_here": _(
        "The picture “%(file)s” does not come with the workbook. Please leave the column empty and add pictures in the "
        "editor."
    ),
    "pictures_of_several": _("Pictures can be shown only where one choice is possible (select_one)."),
    "ranking_with_other": _("A ranking cannot have a choice that asks for a text."),
}
_QUESTIONS: Final[Mapping[str, Promise]] = {
    "type_missing": _("The row has no type."),
    "unknown_type": _("Questions of the type “%(type)s” cannot be asked here."),
    "media": _("Pictures, sounds, videos and files cannot be read here (%(column)s)."),
    "calculate": _("Nothing can be calculated here. Please take the row out."),
    "metadata": _("Nothing about devices is recorded here: the row “%(name)s” is left out."),
    "repeat": _("Repeated groups cannot be asked here. Please ask these questions once, or in another way."),
    "group_without_end": _("The group that begins here never ends (end_group is missing)."),
    "end_without_group": _("Nothing begins that could end here."),
    "name_missing": _("The question has no name (column name)."),
    "name_twice": _("The name “%(name)s” stands already in row %(row)s."),
    "name_unusable": _("The name “%(name)s” has no Latin letter or digit. Please choose another one."),
    "name_changed": _("The name “%(name)s” becomes “%(slug)s”."),
    "without_label": _("“%(name)s” has no text (column label)."),
    "too_long": _("The text in the column “%(column)s” is longer than %(max)s characters."),
    "inserted_answer": _(
        "Answers cannot be inserted into texts: please take ${…} out of the column “%(column)s”."
    ),
    "required_rule": _("Required is yes or no here. It cannot depend on other answers."),
    "constraint": _(
        "This limit of answers (constraint) cannot be read. Numbers and dates can have a smallest and a largest value."
    ),
    "choice_filter": _("Choices cannot depend on other answers here (choice_filter)."),
    "read_only": _(
        "Questions that cannot be answered (read_only) do not exist here. A note can be shown instead."
    ),
    "range_parameters": _("The parameters of the range cannot be read. Write start=1 end=5 step=1."),
    "range_step": _("A scale goes by whole numbers in steps of 1. Please ask for a number instead."),
    "range_ends": _("The end of a scale lies above its start, and it has at most %(most)s steps."),
    "options": _("The question cannot be asked in this way: %(message)s"),
    "unknown_audience": _("Who may read the answers is public or staff."),
    "unknown_results": _("Results are shown live, after or never."),
}
_MATRICES: Final[Mapping[str, Promise]] = {
    "matrix_empty": _("The matrix has no rows."),
    "matrix_too_long": _("These are more than %(most)s statements."),
    "matrix_other_type": _("A matrix holds only questions of one choice (select_one) with the same list."),
    "matrix_mixed_required": _("Either all rows of a matrix are required, or none."),
    "matrix_row_rule": _("Rows of a matrix cannot be shown by rules of their own."),
    "matrix_without_name": _("The group that becomes a matrix needs a name."),
    "row_twice": _("The matrix has another row with this name or text."),
}
_RULES: Final[Mapping[str, Promise]] = {
    "rule_too_long": _("The rule is longer than %(most)s characters."),
    "rule_too_deep": _("The rule has more than %(most)s parentheses within each other."),
    "rule_of_many_tests": _("The rule tests more than %(most)s answers."),
    "rule_sign": _("The rule cannot be read from character %(position)s on: %(found)s"),
    "rule_after": _("The rule cannot be read at “%(found)s”. Perhaps “and” or “or” is missing there."),
    "rule_parentheses": _("The parentheses of the rule do not match."),
    "rule_selected": _("Write selected(${name}, 'choice')."),
    "rule_without_sign": _("The rule names an answer without saying what it must be."),
    "rule_of_two_answers": _("A rule compares an answer with a fixed value, not with another answer."),
    "rule_word": _("“%(found)s” cannot stand at this place of a rule."),
    "rule_function": _("The function %(function)s cannot be used in rules here."),
    "rule_ends": _("The rule ends in its middle."),
    "rule_length": _("The length of an answer can only tell whether there is one (> 0)."),
    "rule_never": _("The rule is never true, so that the question would never be asked."),
    "rule_unknown_name": _("The rule tests “%(name)s”, which is no question of this form."),
    "rule_calculate": _(
        "The rule depends on “%(name)s”, which is calculated or recorded and not asked here."
    ),
    "rule_unread": _("The rule depends on “%(name)s”, which cannot be asked here."),
    "rule_group": _("The rule tests “%(name)s”, which is a group and has no answer."),
    "rule_note": _("The rule tests “%(name)s”, which is a note and has no answer."),
    "rule_matrix_row": _(
        "The rule tests a row of a matrix (“%(name)s”). Only whole matrices can be tested for an answer."
    ),
    "rule_other": _("The rule tests the text of “%(name)s”. Please test the choice that asks for it."),
    "rule_self": _("The rule depends on the question itself, or on one in the same group (“%(name)s”)."),
    "rule_later": _("The rule tests “%(name)s”, which is asked later. Only earlier answers can be tested."),
    "rule_circle": _("The rules go in a circle: %(names)s."),
    "rule_unknown_choice": _("“%(value)s” is no choice of “%(name)s”."),
    "rule_free_answer": _("The answers to “%(name)s” are free: a rule can only test whether there is one."),
    "rule_no_number": _("The answers to “%(name)s” are no numbers, so that < and > cannot be used."),
    "rule_value_no_number": _("“%(value)s” is no number."),
    "rule_more_than_decimal": _("For decimals use >= or <= (“%(name)s”)."),
    "rule_unusable": _("The rule cannot be used: %(message)s"),
}
_STORING: Final[Mapping[str, Promise]] = {
    "form_refused": _("Nothing was stored: the form has faults (%(number)s)."),
    "survey_has_questions": _(
        "The survey has questions already. They stay unless you choose to replace them."
    ),
    "survey_has_responses": _(
        "The survey was answered already (%(number)s), so that its questions cannot be replaced by a form."
    ),
}
SENTENCES: Final[Mapping[str, Promise]] = {
    **_STORING,
    **_SHEETS,
    **_CHOICES,
    **_QUESTIONS,
    **_MATRICES,
    **_RULES,
}


def sentence(code: str, params: Mapping[str, object]) -> str:
    """The message for a code, in the active language."""
    return filled(SENTENCES[code], params)
