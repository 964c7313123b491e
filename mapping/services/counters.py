"""The counters that a contribution carries, counted anew from the rows; the caller holds the contribution's lock.

Nothing is written where nothing has changed: every change of a published contribution is one that everybody learns of
(`models.change`), and a comment that waits for review, or was never published, is none.
"""

from mapping.models import Comment, Contribution
from mapping.models.feedback import CommentQuerySet


def count_comments(contribution: Contribution) -> None:
    """Count the published comments. Where one is gone the contribution has changed: files that hold it are closed."""
    before = contribution.comment_count
    contribution.comment_count = CommentQuerySet(Comment).accepted().filter(contribution=contribution).count()
    if contribution.comment_count == before:
        return
    is_one_gone = contribution.comment_count < before
    contribution.save(update_fields=["comment_count", *(["updated_at"] if is_one_gone else [])])


def count_support(contribution: Contribution) -> None:
    """Count who is for and who is against."""
    before = contribution.support_count, contribution.opposition_count
    contribution.support_count = contribution.supports.filter(value=1).count()
    contribution.opposition_count = contribution.supports.filter(value=-1).count()
    if (contribution.support_count, contribution.opposition_count) != before:
        contribution.save(update_fields=["support_count", "opposition_count"])
