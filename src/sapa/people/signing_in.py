"""Who a session belongs to, asked at every request."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from sapa.core import sql
from sapa.people.models import User


class Accounts(AuthenticationBackend):  # type: ignore[misc]  # allauth is not typed
    """Signs in as allauth does; finds the account again by a statement that is not built anew each time
    (docs/decisions/0007)."""

    def get_user(self, user_id: Any) -> User | None:
        """The account with this number while it may be used, else None."""
        found = sql.first(User, "id = %s", [user_id])
        return found if found is not None and self.user_can_authenticate(found) else None
