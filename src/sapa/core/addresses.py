"""The client's address, believed only from trusted proxies (CVE-2026-34720's class of mistake)."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def client_address(remote: str, forwarded_for: str, trusted: list[str]) -> str:
    """The last address of the chain that is not one of our own proxies.

    `forwarded_for` is read from the right, and only while the hop before it is trusted, so that a
    client cannot lend itself another's address.
    """
    networks = [ip_network(each, strict=False) for each in trusted]

    def is_proxy(text: str) -> bool:
        try:
            return any(ip_address(text) in network for network in networks)
        except ValueError:
            return False

    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    address = remote
    while hops and is_proxy(address):
        address = hops.pop()
    try:
        return str(ip_address(address))
    except ValueError:
        return remote


class ClientAddressMiddleware:
    """After this, REMOTE_ADDR is the client's own address, and X-Forwarded-For is gone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        if forwarded and settings.TRUSTED_PROXIES:
            request.META["REMOTE_ADDR"] = client_address(
                request.META.get("REMOTE_ADDR", ""), forwarded, settings.TRUSTED_PROXIES
            )
        return self.get_response(request)
