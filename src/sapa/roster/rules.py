"""Who may plan, who may stand in the roster, whose leave one may note."""

from sapa.people.models import Officer
from sapa.people.rules import can_administer, can_receive, can_supervise


def can_plan(officer: Officer) -> bool:
    """Plan the weeks, change a day, note leave for anybody."""
    return can_supervise(officer) or can_administer(officer)


def can_stand_duty(officer: Officer) -> bool:
    """Be on duty at all: whoever receives or serves visitors."""
    return officer.is_active and can_receive(officer)


def can_note_leave_of(officer: Officer, *, by: Officer) -> bool:
    """One's own, or anybody's of the same office for those who plan; they also read kind and note."""
    return by.office_id == officer.office_id and (by.pk == officer.pk or can_plan(by))
