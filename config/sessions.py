"""Sessions in the database, read without building the same statement for every request.

``SESSION_ENGINE = "config.sessions"``. Rows, keys and cookies are those of Django's own engine.
"""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

_ROW = (
    "SELECT session_key, session_data, expire_date FROM django_session "
    "WHERE session_key = %s AND expire_date > %s"
)


class SessionStore(DatabaseStore):
    """Reads its row by a statement that is there already; all else is inherited."""

    def _get_session_from_db(self) -> Session | None:
        # A cookie can hold any character, and PostgreSQL takes no NUL.
        if not (self.session_key or "").isalnum():
            self._session_key = None
            return None
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(_ROW, [self.session_key, now])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return None
        key, data, expires = row
        return Session(session_key=key, session_data=data, expire_date=expires)
