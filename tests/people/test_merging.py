"""A walk-in's visits become an account's, only on proof, and back again."""

import threading
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core import signing
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from sapa.activity.models import Event
from sapa.consultations.models import Consultation
from sapa.core.errors import Refused, Stale
from sapa.frontdesk.models import Visit
from sapa.offices.models import Office
from sapa.people import clients, merging, own_data
from sapa.people.models import Client, Consent, Institution, Merge, NotMine, Officer, User
from tests.cast import make_client
from tests.conftest import Clock
from tests.people.test_accounts import PASSWORD, verified

Sign = Callable[[Client, str], Visit]


@pytest.fixture
def rini(office: Office, clock: Clock) -> Client:
    """The client of an account with a confirmed address, who has visited nobody yet."""
    user = verified(User.objects.create_user("rini@contoh.example", PASSWORD, name="Rini Puspita"))
    return clients.link_account(user, email=user.email, at=clock.at)


@pytest.fixture
def user(rini: Client) -> User:
    assert rini.user is not None
    return rini.user


@pytest.fixture
def walk_in(rini: Client, arrive_at_office: Sign) -> Client:
    """Who signed the guest book with the same address, with a visit."""
    made = make_client("R. Puspita", email="rini@contoh.example", education="master", phone="+628111222333")
    arrive_at_office(made, "PDRB")
    return made


@pytest.fixture
def browser(client: Browser, user: User) -> Browser:
    client.force_login(user)
    return client


def state_of(client: Client) -> dict[str, object]:
    return dict(Client.objects.filter(pk=client.pk).values().get())


def test_with_the_confirmed_address_everything_follows_and_the_shell_leads_there(
    rini: Client, user: User, walk_in: Client, office: Office, clock: Clock
) -> None:
    consent = Consent.objects.create(
        client=walk_in,
        office=office,
        purpose="skd_contact",
        text_version="skd_contact-1",
        language="id",
        door="kiosk",
        given_at=clock.at,
    )
    done = merging.merge(walk_in, rini, evidence="email", by=user, at=clock.at)
    consent.refresh_from_db()
    assert Visit.objects.get().client == rini
    assert consent.client == rini
    walk_in.refresh_from_db()
    assert (walk_in.merged_into, walk_in.name, walk_in.email, walk_in.phone) == (rini, "–", "", "")
    assert done.moved == {
        "people.consent.client": [consent.pk],
        "frontdesk.visit.client": [Visit.objects.get().pk],
    }
    event = Event.objects.get(name="client.merged")
    assert (event.office_id, event.subject_id, event.by_id) == (office.pk, rini.pk, user.pk)


def test_a_consultation_follows_and_returns(
    rini: Client, user: User, walk_in: Client, office: Office, clock: Clock
) -> None:
    matter = Consultation.objects.create(
        office=office,
        client=walk_in,
        service=office.services.get(key="consultation"),
        standard=office.standards.get(),
        code="KST-1",
        door="visit",
        requested_at=clock.at,
    )
    done = merging.merge(walk_in, rini, evidence="email", by=user, at=clock.at)
    assert Consultation.objects.get(pk=matter.pk).client == rini
    merging.undo(done, by=user, at=clock.at)
    assert Consultation.objects.get(pk=matter.pk).client == walk_in


def test_undone_it_is_as_it_was(rini: Client, user: User, walk_in: Client, clock: Clock) -> None:
    before = state_of(rini), state_of(walk_in)
    done = merging.merge(walk_in, rini, evidence="email", by=user, at=clock.at)
    rini.refresh_from_db()
    assert rini.education == "master"
    clock.advance(hours=1)
    merging.undo(done, by=user, at=clock.at)
    assert (state_of(rini), state_of(walk_in)) == before
    assert Visit.objects.get().client == walk_in
    done.refresh_from_db()
    assert (done.undone_at, done.undone_by, done.was, done.filled) == (clock.at, user, {}, {})
    assert Event.objects.filter(name="client.unmerged").count() == 1


def test_what_happened_after_the_merge_stays_with_the_account(
    rini: Client, user: User, walk_in: Client, arrive_at_office: Sign, clock: Clock
) -> None:
    done = merging.merge(walk_in, rini, evidence="email", by=user, at=clock.at)
    later = arrive_at_office(rini, "Inflasi")
    Client.objects.filter(pk=rini.pk).update(education="doctor")
    merging.undo(done, by=user, at=clock.at)
    later.refresh_from_db()
    rini.refresh_from_db()
    assert later.client == rini
    assert rini.education == "doctor"


def test_it_can_be_merged_again_after_it_was_undone(
    rini: Client, user: User, walk_in: Client, clock: Clock
) -> None:
    merging.undo(merging.merge(walk_in, rini, evidence="email", by=user, at=clock.at), by=user, at=clock.at)
    merging.merge(walk_in, rini, evidence="email", by=user, at=clock.at)
    assert Visit.objects.get().client == rini
    assert Merge.objects.filter(undone_at=None).count() == 1


def test_undone_twice_is_told(rini: Client, user: User, walk_in: Client, clock: Clock) -> None:
    done = merging.merge(walk_in, rini, evidence="email", by=user, at=clock.at)
    merging.undo(done, by=user, at=clock.at)
    with pytest.raises(Stale):
        merging.undo(done, by=user, at=clock.at)


def test_an_address_that_is_not_confirmed_proves_nothing(
    rini: Client, user: User, walk_in: Client, clock: Clock
) -> None:
    EmailAddress.objects.update(verified=False)
    with pytest.raises(Refused) as refused:
        merging.merge(walk_in, rini, evidence="email", by=user, at=clock.at)
    assert refused.value.code == "no_proof"
    assert merging.proposals(user) == []


def test_a_number_that_no_officer_has_seen_proves_nothing(
    rini: Client, user: User, walk_in: Client, clock: Clock
) -> None:
    Client.objects.filter(pk=walk_in.pk).update(email="")
    Client.objects.filter(pk=rini.pk).update(phone=walk_in.phone)
    with pytest.raises(Refused):
        merging.merge(walk_in, rini, evidence="phone", by=user, at=clock.at)
    assert merging.proposals(user) == []
    Client.objects.filter(pk=rini.pk).update(phone_verified_at=clock.at)
    assert [each.evidence for each in merging.proposals(user)] == ["phone"]
    merging.merge(walk_in, rini, evidence="phone", by=user, at=clock.at)
    assert Visit.objects.get().client == rini


def test_a_record_of_another_account_is_never_absorbed(
    rini: Client, user: User, walk_in: Client, clock: Clock
) -> None:
    other = verified(User.objects.create_user("lain@contoh.example", PASSWORD))
    Client.objects.filter(pk=walk_in.pk).update(user=other)
    with pytest.raises(Refused) as refused:
        merging.merge(walk_in, rini, evidence="email", by=user, at=clock.at)
    assert refused.value.code == "other_account"
    assert merging.proposals(user) == []


def test_two_walk_ins_are_not_merged(walk_in: Client, user: User, clock: Clock) -> None:
    twin = make_client("Twin", email=walk_in.email)
    with pytest.raises(Refused) as refused:
        merging.merge(walk_in, twin, evidence="email", by=user, at=clock.at)
    assert refused.value.code == "no_account"


def test_erased_data_are_not_merged(rini: Client, user: User, walk_in: Client, clock: Clock) -> None:
    Client.objects.filter(pk=walk_in.pk).update(anonymised_at=clock.at)
    with pytest.raises(Stale):
        merging.merge(walk_in, rini, evidence="email", by=user, at=clock.at)


def test_erasing_the_account_erases_the_copies_that_undoing_needs(
    rini: Client, user: User, walk_in: Client, clock: Clock
) -> None:
    done = merging.merge(walk_in, rini, evidence="email", by=user, at=clock.at)
    own_data.erase(rini, by=user, at=clock.at)
    done.refresh_from_db()
    assert (done.was, done.filled) == ({}, {})
    with pytest.raises(Stale):
        merging.undo(done, by=user, at=clock.at)


def test_an_institution_comes_along_and_goes_back(
    rini: Client, user: User, walk_in: Client, clock: Clock
) -> None:
    unila = Institution.objects.create(key="universitas lampung", name="Universitas Lampung")
    Client.objects.filter(pk=walk_in.pk).update(institution=unila, institution_category="research_education")
    done = merging.merge(walk_in, rini, evidence="email", by=user, at=clock.at)
    rini.refresh_from_db()
    assert (rini.institution, rini.institution_category) == (unila, "research_education")
    merging.undo(done, by=user, at=clock.at)
    rini.refresh_from_db()
    walk_in.refresh_from_db()
    assert (rini.institution, walk_in.institution) == (None, unila)


def test_visits_with_the_same_address_are_proposed_by_date_and_office_only(
    browser: Browser, walk_in: Client
) -> None:
    page = browser.get(reverse("account")).content.decode()
    panel = page[page.index("Apakah ini kunjungan Anda?") :].partition("</section>")[0]
    assert "Senin, 23 November 2026" in panel
    assert "BPS Kabupaten Tulang Bawang" in panel
    for secret in ("R. Puspita", "PDRB", "rini@", "111222"):
        assert secret not in panel


def test_saying_yes_adds_the_visits_and_undoing_takes_them_off(
    browser: Browser, user: User, rini: Client, walk_in: Client
) -> None:
    (proposal,) = merging.proposals(user)
    browser.post(reverse("account_merge"), {"token": proposal.token})
    page = browser.get(reverse("account")).content.decode()
    assert "PDRB" in page
    assert "Apakah ini kunjungan Anda?" not in page
    browser.post(reverse("account_unmerge", args=[Merge.objects.get().pk]))
    assert Visit.objects.get().client == walk_in


def test_saying_yes_twice_is_told_and_is_once(browser: Browser, user: User, walk_in: Client) -> None:
    (proposal,) = merging.proposals(user)
    browser.post(reverse("account_merge"), {"token": proposal.token})
    answer = browser.post(reverse("account_merge"), {"token": proposal.token}, follow=True)
    assert "Kunjungan ini sudah ditambahkan." in answer.content.decode()
    assert Merge.objects.count() == 1


@pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "<script>"])
def test_a_made_up_token_adds_nothing(browser: Browser, walk_in: Client, token: str) -> None:
    answer = browser.post(reverse("account_merge"), {"token": token}, follow=True)
    assert "Daftar ini sudah lama." in answer.content.decode()
    assert Merge.objects.count() == 0


def test_a_token_of_another_account_adds_nothing(browser: Browser, user: User, walk_in: Client) -> None:
    stranger = User.objects.create_user("lain@contoh.example", PASSWORD)
    token = signing.dumps([stranger.pk, walk_in.pk], salt=merging.SALT)
    browser.post(reverse("account_merge"), {"token": token})
    assert Merge.objects.count() == 0


def test_a_token_does_not_replace_the_proof(browser: Browser, user: User, rini: Client) -> None:
    unrelated = make_client("Ani", email="ani@contoh.example")
    token = signing.dumps([user.pk, unrelated.pk], salt=merging.SALT)
    answer = browser.post(reverse("account_merge"), {"token": token}, follow=True)
    assert "Kami tidak dapat memastikan kunjungan ini milik Anda." in answer.content.decode()
    assert Merge.objects.count() == 0


def test_visits_that_are_not_mine_are_put_aside_and_stay_so(
    browser: Browser, user: User, walk_in: Client, clock: Clock
) -> None:
    (proposal,) = merging.proposals(user)
    aside = reverse("account_merge_aside")
    assert f'action="{aside}"' in browser.get(reverse("account")).content.decode()
    for _twice in range(2):
        browser.post(aside, {"token": proposal.token})
    assert merging.proposals(user) == []
    told = Event.objects.get(name="client.merge_put_aside")
    assert (told.by, told.data) == (user, {"proposed": walk_in.pk})
    assert "Apakah ini kunjungan Anda?" not in browser.get(reverse("account")).content.decode()
    walk_in.refresh_from_db()
    assert (walk_in.merged_into, Visit.objects.get().client) == (None, walk_in)


def test_what_was_put_aside_by_mistake_is_proposed_again(
    browser: Browser, user: User, walk_in: Client
) -> None:
    (proposal,) = merging.proposals(user)
    again = reverse("account_merge_again")
    assert again not in browser.get(reverse("account")).content.decode()
    browser.post(reverse("account_merge_aside"), {"token": proposal.token})
    assert again in browser.get(reverse("account")).content.decode()
    for _twice in range(2):
        browser.post(again)
    assert len(merging.proposals(user)) == 1
    assert Event.objects.get(name="client.merge_proposed_again").data == {"proposed": walk_in.pk}


def test_putting_aside_leaves_other_records_and_other_accounts_alone(
    browser: Browser, user: User, walk_in: Client, arrive_at_office: Sign
) -> None:
    (proposal,) = merging.proposals(user)
    browser.post(reverse("account_merge_aside"), {"token": proposal.token})
    later = make_client("Rini P.", email="rini@contoh.example")
    arrive_at_office(later, "Padi")
    (new,) = merging.proposals(user)
    merging.accept(user, new.token, at=later.created_at)
    assert NotMine.objects.get().client == walk_in


@pytest.mark.parametrize("whose", ["stranger", "unproved", "nobody"])
def test_nothing_is_put_aside_that_was_not_proposed(
    whose: str, browser: Browser, user: User, rini: Client, walk_in: Client
) -> None:
    stranger = User.objects.create_user("lain@contoh.example", PASSWORD)
    unrelated = make_client("Ani", email="ani@contoh.example")
    token = {
        "stranger": signing.dumps([stranger.pk, walk_in.pk], salt=merging.SALT),
        "unproved": signing.dumps([user.pk, unrelated.pk], salt=merging.SALT),
        "nobody": "x",
    }[whose]
    with pytest.raises(Refused) as refused:
        merging.put_aside(user, token, at=rini.created_at)
    assert (refused.value.code, NotMine.objects.count()) == ("token_old", 0)


def test_somebody_elses_merge_cannot_be_undone(
    client: Browser, user: User, rini: Client, walk_in: Client, clock: Clock
) -> None:
    done = merging.merge(walk_in, rini, evidence="email", by=user, at=clock.at)
    client.force_login(verified(User.objects.create_user("lain@contoh.example", PASSWORD)))
    assert client.post(reverse("account_unmerge", args=[done.pk])).status_code == 404
    done.refresh_from_db()
    assert done.undone_at is None


def test_one_and_three_records_cost_the_same_question_each(
    user: User, walk_in: Client, arrive_at_office: Sign
) -> None:
    for _ in range(2):
        arrive_at_office(make_client("Lagi", email="rini@contoh.example"), "Padi")
    assert len(merging.proposals(user)) == 3


def test_the_front_office_confirms_the_number_of_the_person_it_sees(
    signed_in, fajar: Officer, rini: Client, arrive_at_office: Sign, clock: Clock
) -> None:  # type: ignore[no-untyped-def]
    Client.objects.filter(pk=rini.pk).update(phone="+628111222333")
    arrive_at_office(rini, "PDRB")
    signed_in(fajar).post(reverse("client_phone", args=["1808", rini.pk]))
    rini.refresh_from_db()
    assert rini.phone_verified_at == clock.at
    assert Event.objects.filter(name="client.phone_verified", by=fajar.user_id).count() == 1


def test_a_record_without_a_number_has_none_to_confirm(
    signed_in, fajar: Officer, rini: Client, arrive_at_office: Sign
) -> None:  # type: ignore[no-untyped-def]
    arrive_at_office(rini, "PDRB")
    answer = signed_in(fajar).post(reverse("client_phone", args=["1808", rini.pk]), follow=True)
    assert "Belum ada nomor yang dapat dipastikan." in answer.content.decode()


def test_a_supervisor_takes_apart_what_does_not_belong_together(
    signed_in, citra: Officer, rini: Client, user: User, walk_in: Client, clock: Clock
) -> None:  # type: ignore[no-untyped-def]
    done = merging.merge(walk_in, rini, evidence="email", by=user, at=clock.at)
    browser = signed_in(citra)
    address = reverse("client_unmerge", args=["1808", rini.pk, done.pk])
    assert address in browser.get(reverse("client_record", args=["1808", rini.pk])).content.decode()
    browser.post(address)
    assert Visit.objects.get().client == walk_in


def test_the_front_office_does_not_take_merges_apart(
    signed_in, fajar: Officer, rini: Client, user: User, walk_in: Client, clock: Clock
) -> None:  # type: ignore[no-untyped-def]
    done = merging.merge(walk_in, rini, evidence="email", by=user, at=clock.at)
    address = reverse("client_unmerge", args=["1808", rini.pk, done.pk])
    assert signed_in(fajar).post(address).status_code == 403


def test_a_supervisor_of_another_office_finds_no_such_merge(
    signed_in, dewi: Officer, rini: Client, user: User, walk_in: Client, clock: Clock
) -> None:  # type: ignore[no-untyped-def]
    done = merging.merge(walk_in, rini, evidence="email", by=user, at=clock.at)
    browser = signed_in(dewi)
    assert browser.post(reverse("client_unmerge", args=["1808", rini.pk, done.pk])).status_code == 404
    assert browser.post(reverse("client_unmerge", args=["1812", rini.pk, done.pk])).status_code == 404


@pytest.fixture
def barrier() -> threading.Barrier:
    return threading.Barrier(2, timeout=10)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["merge", "undo"])
def test_two_at_once_one_wins_and_the_other_is_told(
    office: Office,
    rini: Client,
    user: User,
    walk_in: Client,
    clock: Clock,
    barrier: threading.Barrier,
    what: str,
) -> None:
    done = merging.merge(walk_in, rini, evidence="email", by=user, at=clock.at) if what == "undo" else None
    told: list[str] = []

    def act() -> None:
        try:
            with scope(office=office):
                barrier.wait()
                if done is None:
                    merging.merge(walk_in, rini, evidence="email", by=user, at=clock.at)
                else:
                    merging.undo(done, by=user, at=clock.at)
            told.append("done")
        except Stale as stale:
            told.append(stale.code)
        finally:
            connection.close()

    both = [threading.Thread(target=act) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(told) == sorted(["done", "merged" if what == "merge" else "undone"])
    with scopes_disabled():
        assert Merge.objects.count() == 1
