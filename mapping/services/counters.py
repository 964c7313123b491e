"""The counters that a contribution carries, counted anew from the rows; the caller holds the contribution's lock."""

from mapping.models import CommentStatus, Contribution


def count_comments(contribution: Contribution) -> None:
    """Count the published comments."""
    contribution.comment_count = contribution.comments.filter(status=CommentStatus.PUBLISHED).count()
    contribution.save(update_fields=["comment_count"])


def count_support(contribution: Contribution) -> None:
    """Count who is for and who is against."""
    contribution.support_count = contribution.supports.filter(value=1).count()
    contribution.opposition_count = contribution.supports.filter(value=-1).count()
    contribution.save(update_fields=["support_count", "opposition_count"])
