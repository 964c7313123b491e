"""Recounts of the counters of a contribution and its comments; callers must hold the contribution's lock.

Unchanged counters are not written: every change of a published contribution makes a new public revision
(`models.change`), which a comment that waits for review, or was never published, must not.
"""

from mapping.models import Comment, Contribution


def count_comments(contribution: Contribution) -> None:
    """Count the published comments. If one was removed the contribution has changed: files that hold it are closed."""
    before = contribution.comment_count
    contribution.comment_count = Comment.objects.accepted().filter(contribution=contribution).count()
    if contribution.comment_count == before:
        return
    is_one_gone = contribution.comment_count < before
    contribution.save(update_fields=["comment_count", *(["updated_at"] if is_one_gone else [])])


def count_comment_support(comment: Comment) -> None:
    """Count the support for a comment."""
    before, comment.support_count = comment.support_count, comment.supports.count()
    if comment.support_count != before:
        comment.save(update_fields=["support_count"])


def count_support(contribution: Contribution) -> None:
    """Count support and opposition."""
    before = contribution.support_count, contribution.opposition_count
    contribution.support_count = contribution.supports.filter(value=1).count()
    contribution.opposition_count = contribution.supports.filter(value=-1).count()
    if (contribution.support_count, contribution.opposition_count) != before:
        contribution.save(update_fields=["support_count", "opposition_count"])
