"""Words that several commands print."""

from collections.abc import Callable

from geoparticipation.backup.reopening import Reopened


def report_reopened(done: Reopened, say: Callable[[str], None]) -> None:
    """Print what was done to a restored database before it is opened."""
    erased = ", ".join(f"{number:,} {kind}" for kind, number in done.erased.items())
    say(f"Erased once more: {erased or 'nothing'}.")
    if done.shortened:
        say(f"{done.shortened:,} dates of retention are earlier than the backup knew, as promised since.")
    say(f"{done.stray_files:,} media files without a row were deleted.")
    if done.rows_without_file:
        say(f"{done.rows_without_file:,} photos have no file: bin/manage sweep_photos names them.")
    if done.held:
        say(
            "Releases are held until somebody decides (bin/manage resume_releases CAMPAIGN, see restoring.md):"
        )
        for slug in done.held:
            say(f"    {slug}")
