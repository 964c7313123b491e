"""Django's sessions in the database, read together with when they were last seen: no request costs a further query."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.core.exceptions import SuspiciousOperation
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from doors.models import OpenSession


class SessionStore(db.SessionStore):
    """`seen_at` is when the staff's session was last used; None for sessions that are not in the list."""

    seen_at: datetime | None = None

    def _get_session_from_db(self) -> Any:
        listed = OpenSession.objects.filter(session_key=OuterRef("session_key")).values("seen_at")[:1]
        sessions = self.model.objects.annotate(seen_at=Subquery(listed))
        try:
            found: Any = sessions.get(session_key=self.session_key, expire_date__gt=timezone.now())
        except (self.model.DoesNotExist, SuspiciousOperation):
            self._session_key = None
            return None
        self.seen_at = found.seen_at
        return found

    def delete(self, session_key: str | None = None) -> None:
        """Delete a session, from the list too."""
        key = self.session_key if session_key is None else session_key
        super().delete(session_key)
        if key is not None:
            OpenSession.objects.filter(session_key=key).delete()
