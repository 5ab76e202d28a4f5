"""Sessions in the database, read by a statement that is not built anew at every request (docs/decisions/0007)."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from sapa.core import sql


class SessionStore(db.SessionStore):
    """Django's own store, except for how a row is found."""

    def _get_session_from_db(self) -> Any:
        condition = "session_key = %s AND expire_date > %s"
        found = sql.first(Session, condition, [self.session_key, sql.stored(timezone.now())])
        if found is None:
            self._session_key = None
        return found
