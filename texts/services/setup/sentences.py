"""What planners read about their texts when a service refuses, in the checklist, and of documents that were read."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SETUP: Final[Mapping[str, str | Promise]] = {
    "text_of_contributions": _(
        "This category has contributions already. Please choose an empty one, or make a new category for the text."
    ),
    "text_was_published": _(
        "A version of this text was published: it stays, with what people wrote about it."
    ),
    "category_has_text": _("This category is shown as a text. Please remove the text first."),
    "section_of_text": _(
        "This is a section of a text. Please edit it there, so that its versions stay complete."
    ),
    "section_changed": _(
        "Somebody else has changed this section meanwhile. Please compare; saving again replaces that change."
    ),
    "section_twice": _("Two parts of the document continue the same section. Please choose another one."),
    "heading_required": _("Please write a heading."),
    "not_a_section_level": _("The level is a whole number from 0 to %(max)s."),
    "nothing_to_discard": _("There is no draft that could be discarded."),
    "nothing_to_publish": _("There is no draft that could be published."),
    "text_empty": _("The draft has no section. Please import a document, or write one."),
    "text_unchanged": _("The draft reads like the version that people see already."),
    "text_protected": _(
        "The topic of this campaign is protected: sections could not be shown. Please publish every contribution."
    ),
    "unknown_fate": _("Please choose what becomes of the suggestion."),
    "fate_needs_reason": _("Please write why: everybody reads it beside the suggestion."),
    "setup_text_protected": _(
        "The campaign has a text, but the topic is protected: its sections could not be shown. Please publish every "
        "contribution, or remove the text."
    ),
    "setup_text_unpublished": _(
        "No version of the text “%(title)s” is published yet: people would see nothing."
    ),
    "setup_text_draft": _("The text “%(title)s” has a draft that people do not see yet."),
    "setup_text_no_comments": _(
        "People cannot comment, so that they cannot suggest other words for the text."
    ),
}

DOCUMENTS: Final[Mapping[str, str | Promise]] = {
    "text_unknown_format": _("Only Word (.docx), Markdown (.md) and HTML (.html) files can be read."),
    "text_too_large": _("The file is larger than %(max)s MB. Please remove pictures, or split it."),
    "text_too_long": _("The text is longer than %(max)s characters. Please split it into several texts."),
    "text_not_utf8": _("The characters of this file cannot be read. Please save it in UTF-8."),
    "text_without_words": _("There are no words in this file."),
    "no_headings": _(
        "This document has no headings. Please give its headings a style (“Heading 1”, in Markdown a # before them): "
        "each begins a section."
    ),
    "too_many_sections": _("A text has at most %(max)s sections; this would be %(number)s."),
    "section_too_long": _(
        "The section “%(title)s” is longer than %(max)s characters. Please give it more headings."
    ),
    "not_a_word_file": _("This is no Word file, or it is broken or locked with a password."),
    "word_broken": _("This Word file is broken. Please open it in Word or LibreOffice and save it again."),
    "word_too_old": _(
        "This file is in an old format of Word, or locked with a password. Please save it as .docx."
    ),
    "word_other": _("This format is not read. Please save the file as Word document (.docx)."),
    "word_macros": _("This document holds macros. Please save it as Word document without macros (.docx)."),
    "word_bomb": _("This file unpacks to a size that no honest document has."),
    "html_nested": _(
        "The elements of this page are nested more than %(max)s deep. Please save it in a simpler way."
    ),
    "text_notice_tracked_changes": _(
        "The document has tracked changes. It was read as if all of them were accepted: please check the result."
    ),
    "text_notice_pictures": _("Pictures and drawings were left out."),
    "text_notice_notes": _("Footnotes and endnotes were left out."),
    "text_notice_comments": _("Comments in the document were left out."),
    "text_notice_hidden": _("Hidden words were left out."),
    "text_notice_long_headings": _(
        "Long headings were shortened; they stand whole at the beginning of their sections."
    ),
    "text_notice_preamble": _(
        "Before the first heading there are words; they became a section of their own."
    ),
    "text_notice_numbers": _(
        "The numbers before the headings were left out: sections are numbered anyway, with the same numbers."
    ),
}
