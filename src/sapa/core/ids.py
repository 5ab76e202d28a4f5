"""Names that nobody can guess, and codes that a person can read out."""

import secrets

_READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0/O, 1/I/L


def token() -> str:
    """128 random bits in 22 URL-safe characters: the address of a ticket, a rating, a device."""
    return secrets.token_urlsafe(16)


def readable_code(prefix: str) -> str:
    """About 59 random bits in three groups of four, to be read out or copied from paper: `ADU-7KQ4-M2XW-9TRB`."""
    groups = ("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(3))
    return "-".join((prefix, *groups))
