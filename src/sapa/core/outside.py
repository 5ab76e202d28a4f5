"""Addresses that strangers gave us and that our server calls: only public ones, and exactly the one looked at."""

import socket
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit


class NotPublic(Exception):
    """Calling this address would reach into a network that is not the open internet."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: `url` names the checked IP address, `host` is for the Host header and the certificate."""

    url: str
    host: str
    name: str


def target_of(address: str, *, allow_private: bool = False) -> Target:
    """The address with its name resolved once, so that no second answer of the name server can lead elsewhere.

    Raises NotPublic unless it is https and every address of the name is public (`allow_private` is for simulators).
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise NotPublic("unreadable") from error
    name = parts.hostname or ""
    if not name or parts.username is not None:
        raise NotPublic("no host")
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        raise NotPublic("not https")
    number = port or (443 if parts.scheme == "https" else 80)
    found = [
        str(each[4][0]).partition("%")[0]
        for each in socket.getaddrinfo(name, number, type=socket.SOCK_STREAM)
    ]
    if not allow_private and not all(_is_public(each) for each in found):
        raise NotPublic("private")
    first = f"[{found[0]}]" if ":" in found[0] else found[0]
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    host = name if port is None else f"{name}:{port}"
    return Target(url=f"{parts.scheme}://{first}:{number}{path}{query}", host=host, name=name)


def require_public(name: str) -> None:
    """Raises NotPublic unless every address of this host is public; OSError when it has none."""
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    if not found or not all(_is_public(str(each[4][0]).partition("%")[0]) for each in found):
        raise NotPublic("private")


def _is_public(text: str) -> bool:
    address = ip_address(text)
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_global and not (mapped or address).is_multicast
