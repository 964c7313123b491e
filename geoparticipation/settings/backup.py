"""Backups: for whom they are encrypted, how many are kept, and for how long erasures are remembered."""

from geoparticipation.settings.environment import env

# Public keys: whoever reads a set needs the private one, which must not lie on this machine.
BACKUP_AGE_RECIPIENT: str = env.str("BACKUP_AGE_RECIPIENT", "")
BACKUP_GPG_RECIPIENT: str = env.str("BACKUP_GPG_RECIPIENT", "")
# PostgreSQL itself, where DATABASE_URL leads to PgBouncer: for backups and restores alone.
BACKUP_DATABASE_URL: str = env.str("BACKUP_DATABASE_URL", "")
# Sets that stay; older ones are deleted once a newer one is verified.
BACKUP_KEEP: int = env.int("BACKUP_KEEP", 14)
# A program called with the directory of each finished set, to copy it to another place.
BACKUP_HOOK: str = env.str("BACKUP_HOOK", "")
# How long hashes of what was erased are kept: at least as long as the oldest backup anywhere.
ERASURE_LEDGER_DAYS: int = env.int("ERASURE_LEDGER_DAYS", 90)
