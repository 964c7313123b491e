"""What staff can do that is recorded: the closed list of codes, each with a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    """One kind of entry. Codes are stored and exported: they may be added, never renamed."""

    LOGGED_IN = "logged_in", _("Logged in")
    LOGGED_OUT = "logged_out", _("Logged out")
    SESSION_ENDED = "session_ended", _("Ended a session")
    CONFIRMED = "confirmed", _("Confirmed who they are")
    PASSWORD_CHANGED = "password_changed", _("Changed a password")
    FACTOR_ADDED = "factor_added", _("Added a second factor")
    FACTOR_REMOVED = "factor_removed", _("Removed a second factor")
    RECOVERY_CODES_MADE = "recovery_codes_made", _("Made recovery codes")
    IDENTITY_LINKED = "identity_linked", _("Linked an account to a sign-in service")
    IDENTITY_UNLINKED = "identity_unlinked", _("Unlinked an account from a sign-in service")

    ACCOUNT_MADE = "account_made", _("Made an account")
    ACCOUNT_CHANGED = "account_changed", _("Changed an account")
    MEMBERSHIP_GIVEN = "membership_given", _("Gave a role")
    MEMBERSHIP_TAKEN = "membership_taken", _("Took a role away")
    INVITED = "invited", _("Made an invitation")
    TOKEN_MADE = "token_made", _("Made an API token")
    TOKEN_USED = "token_used", _("Used an API token")
    TOKEN_REVOKED = "token_revoked", _("Revoked an API token")
    LINK_MADE = "link_made", _("Made a private link")
    LINK_USED = "link_used", _("Used a private link")
    LINK_REVOKED = "link_revoked", _("Revoked a private link")
    ADMIN_ADDED = "admin_added", _("Added in the administration")
    ADMIN_CHANGED = "admin_changed", _("Changed in the administration")
    ADMIN_DELETED = "admin_deleted", _("Deleted in the administration")

    LOOKED = "looked", _("Looked at what is not public")
    DOWNLOADED = "downloaded", _("Downloaded what is not public")
    ORDERED_FILE = "ordered_file", _("Ordered a file of what is not public")
    SAW_PEOPLE = "saw_people", _("Looked at names and e-mail addresses")

    IMPORTED = "imported", _("Imported data")
    ERASED = "erased", _("Erased what somebody gave")
    RELEASE_ORDERED = "release_ordered", _("Ordered a release")
    RELEASE_RHYTHM = "release_rhythm", _("Changed when releases are made")
    CODES_MADE = "codes_made", _("Made voting codes")
    CODE_REPLACED = "code_replaced", _("Replaced a voting code")
    CODES_DELETED = "codes_deleted", _("Deleted voting codes")
    BALLOTS_SET_ASIDE = "ballots_set_aside", _("Took ballots out of the count")
    BALLOTS_COUNTED = "ballots_counted", _("Counted ballots again")

    BACKUP_MADE = "backup_made", _("Made a backup")
    BACKUP_RESTORED = "backup_restored", _("Restored a backup")
    LOG_READ = "log_read", _("Looked into the audit log")
    LOG_EXPORTED = "log_exported", _("Took the audit log home")
    LOG_PRUNED = "log_pruned", _("Removed old entries of the audit log")


GROUPS: Final[Mapping[str, tuple[str | Promise, tuple[Action, ...]]]] = {
    "log-in": (
        _("Log-in"),
        (
            *(Action.LOGGED_IN, Action.LOGGED_OUT, Action.SESSION_ENDED, Action.CONFIRMED),
            *(Action.PASSWORD_CHANGED, Action.FACTOR_ADDED, Action.FACTOR_REMOVED),
            *(Action.RECOVERY_CODES_MADE, Action.IDENTITY_LINKED, Action.IDENTITY_UNLINKED),
        ),
    ),
    "access": (
        _("Accounts, roles, tokens and links"),
        (
            *(Action.ACCOUNT_MADE, Action.ACCOUNT_CHANGED, Action.MEMBERSHIP_GIVEN),
            *(Action.MEMBERSHIP_TAKEN, Action.INVITED),
            *(Action.TOKEN_MADE, Action.TOKEN_USED, Action.TOKEN_REVOKED),
            *(Action.LINK_MADE, Action.LINK_USED, Action.LINK_REVOKED),
            *(Action.ADMIN_ADDED, Action.ADMIN_CHANGED, Action.ADMIN_DELETED),
        ),
    ),
    "looks": (
        _("Looks and downloads"),
        (Action.LOOKED, Action.DOWNLOADED, Action.ORDERED_FILE, Action.SAW_PEOPLE),
    ),
    "changes": (
        _("Imports, erasures, releases, votes"),
        (
            *(Action.IMPORTED, Action.ERASED, Action.RELEASE_ORDERED, Action.RELEASE_RHYTHM),
            *(Action.CODES_MADE, Action.CODE_REPLACED, Action.CODES_DELETED),
            *(Action.BALLOTS_SET_ASIDE, Action.BALLOTS_COUNTED),
        ),
    ),
    "site": (
        _("Backups and this log"),
        (
            *(Action.BACKUP_MADE, Action.BACKUP_RESTORED),
            *(Action.LOG_READ, Action.LOG_EXPORTED, Action.LOG_PRUNED),
        ),
    ),
}
"""The actions as people look for them: each stands in one group."""


class Way(TextChoices):
    """Through which way somebody acted."""

    PAGE = "page", _("Page")
    ADMINISTRATION = "administration", _("Administration")
    TOKEN = "token", _("API token")
    LINK = "link", _("Private link")
    SERVER = "server", _("On the server")


class Result(TextChoices):
    """What came of it."""

    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")
