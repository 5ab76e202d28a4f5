"""What Sapa tells allauth about its accounts."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django_scopes import scopes_disabled

from sapa.people.models import Officer, User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """An officer lands at the desk after signing in; anybody else on the home page."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        with scopes_disabled():
            officer = (
                Officer.objects.select_related("office")
                .filter(user_id=request.user.pk, is_active=True)
                .first()
            )
        if officer is None:
            return reverse("home")
        return reverse("workspace", args=[officer.office.code])

    def get_client_ip(self, request: HttpRequest) -> str:
        # ClientAddressMiddleware has already decided whom to believe.
        return str(request.META.get("REMOTE_ADDR", ""))

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """Accounts have no user name."""
