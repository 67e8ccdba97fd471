"""Sessions in the database, read without building the same statement for every request.

``SESSION_ENGINE = "config.sessions"``. Rows, keys and cookies are those of Django's own engine.
"""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from assessments.ready import Ready

_ROW = Ready(lambda key: Session.objects.filter(session_key=key))


class SessionStore(DatabaseStore):
    """Reads its row by a statement that is there already; all else is inherited."""

    def _get_session_from_db(self) -> Session | None:
        # A cookie can hold any character, and PostgreSQL takes no NUL.
        key = self.session_key or ""
        row = _ROW.one(key) if key.isalnum() else None
        if row is None or row.expire_date <= timezone.now():
            self._session_key = None
            return None
        return row
