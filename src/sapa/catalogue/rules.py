"""What a role may do with the catalogue."""

from sapa.people.models import Officer

Role = Officer.Role


def can_keep_sources(officer: Officer) -> bool:
    """Choose where the catalogue comes from, and have it read."""
    return officer.role in {Role.SUPERVISOR, Role.HEAD, Role.ADMIN}
