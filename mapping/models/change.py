"""Which state of a campaign the public reads: a number that is another one after every change of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from django.db import connections, models

_REVISION: Final = (
    "SELECT coalesce(sum(number), 0), max(at), pg_current_xact_id_if_assigned()::text"
    " FROM mapping_change WHERE campaign_id = %s"
)


@dataclass(frozen=True)
class Revision:
    """A state of what the public may read of a campaign.

    `number` grows with every committed change; `changed_at` is when the newest of them was made (None: never).
    `transaction` is the asking one where it has changed anything itself: others may never see its states.

    Only all three together name a state: after a backup was restored, numbers come a second time.
    """

    number: int
    changed_at: datetime | None
    transaction: str = ""


class ChangeQuerySet(models.QuerySet["Change"]):
    """Changes, which are only ever added up."""

    def revision_of(self, campaign_id: int) -> Revision:
        """The state of a campaign that this transaction sees."""
        # Every public page asks this: composing the same words anew would take longer than the answer.
        with connections[self.db].cursor() as cursor:
            cursor.execute(_REVISION, [campaign_id])
            number, at, transaction = cursor.fetchone()
        return Revision(int(number), at, transaction or "")

    def note(self, campaign_id: int) -> None:
        """Note a change that no trigger sees, or say again at the end of a long transaction when it was made."""
        with connections[self.db].cursor() as cursor:
            cursor.execute("SELECT mapping_note_changes(ARRAY[%s]::bigint[])", [campaign_id])


class Change(models.Model):
    """Changes of what the public may read of a campaign; written by triggers (migration `0012_change`).

    Rows are added and never changed, so that nobody waits for anybody: the revision is their sum, and what has not been
    committed is not in it. Now and then some rows of a campaign are replaced by one with their sum.

    There is no foreign key: deleting a campaign deletes contributions, which adds rows here.
    """

    campaign_id = models.IntegerField(db_index=True)
    number = models.BigIntegerField()
    at = models.DateTimeField()

    objects: ClassVar = ChangeQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.campaign_id} · {self.number}"
