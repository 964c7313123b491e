"""Why a set was not made or not restored, in one sentence for whoever sits at the machine."""


class BackupFailed(Exception):
    """No set was made and none is left, or it is there, as the sentence says, and what follows a set failed."""


class RestoreRefused(Exception):
    """Nothing was changed."""


class RestoreFailed(Exception):
    """Something went wrong after the restore had begun; the sentence says what the database holds now."""
