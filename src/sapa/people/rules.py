"""What a role may do. Predicates on an officer; the office is checked before they are asked."""

from sapa.people.models import Officer

Role = Officer.Role


def can_receive(officer: Officer) -> bool:
    """Type the guest book for a visitor, tick the identity card, issue and withdraw numbers."""
    return officer.role in {Role.FRONT_DESK, Role.CONSULTANT, Role.SUPERVISOR, Role.HEAD}


def can_serve(officer: Officer) -> bool:
    """Sit at a desk, call numbers, answer, refer, finish."""
    return officer.role in {Role.CONSULTANT, Role.SUPERVISOR}


def can_supervise(officer: Officer) -> bool:
    """See reports and the event log, answer complaints, look at every desk."""
    return officer.role in {Role.SUPERVISOR, Role.HEAD}


def can_read_inbox(officer: Officer) -> bool:
    """See the conversations of the office. Writing in them is for those who serve."""
    return officer.role in {Role.CONSULTANT, Role.SUPERVISOR, Role.HEAD}


def can_administer(officer: Officer) -> bool:
    """Change hours, holidays, desks, services, officers, devices and the standard."""
    return officer.role in {Role.ADMIN, Role.HEAD}


def works_here(officer: Officer) -> bool:
    """Any active officer of the office."""
    return officer.is_active


def room_of(officer: Officer) -> str:
    """The name of the page where this officer's work lies: where one lands after signing in."""
    if can_serve(officer):
        return "workspace"
    if officer.role == Role.FRONT_DESK:
        return "reception"
    return "reports" if can_supervise(officer) else "settings"
