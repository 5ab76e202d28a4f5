"""Institutions are spelled once: confirmed, renamed, merged, however visitors write them next time."""

import pytest
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.core.errors import Refused, Stale
from sapa.offices.models import Office
from sapa.people import institutions
from sapa.people.institutions import register
from sapa.people.models import Client, Institution, Officer
from tests.conftest import Clock

CATEGORY = "research_education"


def wrote(name: str, times: int = 1) -> Institution:
    for _ in range(times):
        found = register(name, category=CATEGORY)
    assert found is not None
    found.refresh_from_db()
    return found


@pytest.fixture
def who(office: Office, citra: Officer, clock: Clock) -> dict[str, object]:
    return {"office": office, "by": citra, "at": clock.at}


def test_a_confirmed_name_is_offered_to_strangers(who) -> None:
    unila = wrote("Universitas Lampung")
    assert institutions.suggest("univ") == []
    institutions.confirm(unila, **who)
    institutions.confirm(unila, **who)
    assert institutions.suggest("univ") == ["Universitas Lampung"]
    assert Event.objects.filter(name="institution.confirmed").count() == 1


def test_after_renaming_the_old_spelling_still_leads_to_it(who) -> None:
    unila = wrote("Unila")
    institutions.rename(unila, name="Universitas  Lampung", **who)
    assert wrote("unila") == wrote("UNIV. LAMPUNG") == unila
    unila.refresh_from_db()
    assert (unila.name, unila.uses) == ("Universitas Lampung", 3)


def test_a_name_can_be_changed_back(who) -> None:
    unila = wrote("Unila")
    institutions.rename(unila, name="Universitas Lampung", **who)
    institutions.rename(unila, name="Unila", **who)
    unila.refresh_from_db()
    assert (unila.name, unila.key) == ("Unila", "unila")
    assert wrote("Universitas Lampung") == unila


@pytest.mark.parametrize("name", ["", "  ", "—", "x" * 161])
def test_a_name_without_letters_or_too_long_is_refused(who, name: str) -> None:
    unila = wrote("Unila")
    with pytest.raises(Refused):
        institutions.rename(unila, name=name, **who)
    unila.refresh_from_db()
    assert unila.name == "Unila"


def test_the_name_of_another_institution_is_refused(who) -> None:
    wrote("Itera")
    with pytest.raises(Refused):
        institutions.rename(wrote("Unila"), name="ITERA", **who)


def test_merging_moves_clients_and_visits_and_adds_the_uses(
    who, ani: Client, office: Office, clock: Clock
) -> None:
    right, variant = wrote("Universitas Lampung", 3), wrote("Unila", 2)
    ani.institution = variant
    ani.save()
    visit = office.visits.create(
        client=ani,
        submission_key="6a1b7c0e-5f0e-4f0e-8f0e-000000000001",
        service_day=clock.at.date(),
        signed_at=clock.at,
        door="kiosk",
        codelist_version="skd-2026",
        institution=variant,
    )
    institutions.merge(variant, into=right, **who)
    for each in (ani, visit, right):
        each.refresh_from_db()
    assert (ani.institution, visit.institution, right.uses) == (right, right, 5)
    merged = Event.objects.get(name="institution.merged")
    assert (merged.subject_id, merged.data) == (variant.pk, {"into": right.pk, "uses": 2})


def test_who_writes_the_merged_spelling_again_is_counted_at_the_right_one(who) -> None:
    right, variant = wrote("Universitas Lampung"), wrote("Unila")
    institutions.merge(variant, into=right, **who)
    assert wrote("UNILA") == right
    assert institutions.suggest("unila") == []


def test_spellings_of_a_spelling_follow_along(who) -> None:
    first, second, third = wrote("Unila"), wrote("Universitas Lampng"), wrote("Universitas Lampung")
    institutions.merge(first, into=second, **who)
    institutions.merge(second, into=third, **who)
    assert wrote("Unila") == third


def test_merging_with_itself_or_twice_changes_nothing(who) -> None:
    right, variant = wrote("Universitas Lampung"), wrote("Unila")
    with pytest.raises(Refused):
        institutions.merge(right, into=right, **who)
    institutions.merge(variant, into=right, **who)
    with pytest.raises(Stale):
        institutions.merge(variant, into=right, **who)
    with pytest.raises(Stale):
        institutions.merge(right, into=variant, **who)
    right.refresh_from_db()
    assert right.uses == 2


def test_visits_of_another_office_move_too(who, ani: Client, other_office: Office, clock: Clock) -> None:
    right, variant = wrote("Universitas Lampung"), wrote("Unila")
    with scopes_disabled():
        visit = other_office.visits.create(
            client=ani,
            submission_key="6a1b7c0e-5f0e-4f0e-8f0e-000000000002",
            service_day=clock.at.date(),
            signed_at=clock.at,
            door="kiosk",
            codelist_version="skd-2026",
            institution=variant,
        )
    institutions.merge(variant, into=right, **who)
    with scopes_disabled():
        visit.refresh_from_db()
    assert visit.institution_id == right.pk
