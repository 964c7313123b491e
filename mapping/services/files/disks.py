"""Full or unwritable disks, of the site and of the database: turned into an error message and a log line."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import DatabaseError

from mapping.services.errors import NotStored

_log: Final = logging.getLogger(__name__)
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_UNWRITABLE: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO})
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_DATABASE_FULL: Final = "53100"
_DATABASE_READS_ONLY: Final = "25006"


def disk_problem(error: BaseException) -> NotStored | None:
    """Return the meaning of an error if it was caused by a disk."""
    if isinstance(error, OSError):
        if error.errno in _FULL:
            return NotStored("storage_full")
        return NotStored("storage_unavailable") if error.errno in _UNWRITABLE else None
    if isinstance(error, DatabaseError):
        state = getattr(error.__cause__, "sqlstate", None)
        if state == _DATABASE_FULL:
            return NotStored("storage_full")
        return NotStored("storage_unavailable") if state == _DATABASE_READS_ONLY else None
    return None


@contextmanager
def refusing_what_disks_refuse() -> Iterator[None]:
    """Turn disk errors into NotStored; wrap all writes in it, transactions included."""
    try:
        yield
    except (OSError, DatabaseError) as error:
        problem = disk_problem(error)
        if problem is None:
            raise
        _log.exception("Nothing was stored.")
        raise problem from error
