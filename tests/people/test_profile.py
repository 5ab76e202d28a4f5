"""The guest book's questions are answered once, online, and serve at every door."""

import uuid
from datetime import date

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.frontdesk import recognition
from sapa.frontdesk.entries import Entry, gaps, with_profile
from sapa.frontdesk.guestbook import sign
from sapa.frontdesk.models import Visit
from sapa.offices.models import Office
from sapa.people import clients, profile
from sapa.people.models import Client, Institution, Officer, User
from tests.cast import make_client
from tests.conftest import Clock
from tests.people.test_accounts import PASSWORD, code_of

ANSWERS = {
    "name": "Rini Puspita",
    "phone": "0812 3456 7890",
    "gender": "female",
    "birth_year": "1998",
    "education": "bachelor",
    "occupation": "student",
    "institution_category": "research_education",
    "institution_name": "Univ. Lampung",
}
ALL_MISSING = ["name", "gender", "birth_year", "education", "occupation", "institution_category"]


@pytest.fixture
def rini(office: Office, clock: Clock) -> Client:
    """A client with an account and nothing answered yet."""
    user = User.objects.create_user("rini@contoh.example", PASSWORD)
    return clients.link_account(user, email=user.email, at=clock.at)


@pytest.fixture
def browser(client: Browser, rini: Client) -> Browser:
    assert rini.user is not None
    client.force_login(rini.user)
    return client


def errors(answer) -> dict[str, list[str]]:  # type: ignore[no-untyped-def]
    assert answer.status_code == 422
    return dict(answer.context["form"].errors)


def test_a_new_account_has_answered_nothing_and_says_what(rini: Client) -> None:
    assert profile.missing_fields(rini) == ALL_MISSING


def test_saving_the_profile_answers_everything_and_notes_what_was_shown(
    browser: Browser, rini: Client, clock: Clock
) -> None:
    answer = browser.post(reverse("profile"), ANSWERS)
    assert answer.headers["Location"] == reverse("account")
    rini.refresh_from_db()
    assert profile.missing_fields(rini) == []
    assert rini.institution is not None
    assert (rini.name, rini.phone, rini.institution.name) == (
        "Rini Puspita",
        "+6281234567890",
        "Univ. Lampung",
    )
    assert (rini.notice_version, rini.notice_language, rini.notice_shown_at) == ("account-1", "id", clock.at)
    assert rini.user is not None
    assert rini.user.name == "Rini Puspita"


def test_the_profile_is_shown_as_it_was_saved(browser: Browser) -> None:
    browser.post(reverse("profile"), ANSWERS)
    page = browser.get(reverse("profile"))
    initial = page.context["form"].initial
    assert {name: str(initial[name]) for name in ANSWERS if name != "phone"} == {
        name: value for name, value in ANSWERS.items() if name != "phone"
    }


def test_a_name_made_of_the_address_is_not_offered_as_the_persons_own(browser: Browser) -> None:
    assert browser.get(reverse("profile")).context["form"].initial["name"] == ""


def test_a_correction_is_in_the_record_without_its_values(browser: Browser, rini: Client) -> None:
    browser.post(reverse("profile"), ANSWERS)
    browser.post(reverse("profile"), ANSWERS | {"name": "Rini P. Dewi"})
    with scopes_disabled():  # whoever has been nowhere yet stands in the record of the office above all
        last = Event.objects.filter(name="client.corrected").latest("id")
    assert (last.subject_id, last.by_id, last.data) == (rini.pk, rini.user_id, {"fields": ["name"]})


def test_whoever_chose_other_says_what(browser: Browser, rini: Client) -> None:
    answer = browser.post(reverse("profile"), ANSWERS | {"occupation": "other"})
    assert errors(answer) == {"occupation_text": ["Anda memilih “Lainnya”. Sebutkan dalam beberapa kata."]}
    browser.post(reverse("profile"), ANSWERS | {"occupation": "other", "occupation_text": "Petani"})
    rini.refresh_from_db()
    assert profile.missing_fields(rini, on=date(2026, 11, 23)) == []
    assert rini.occupation_text == "Petani"


def test_other_without_a_word_is_missing(rini: Client) -> None:
    Client.objects.filter(pk=rini.pk).update(occupation="other")
    rini.refresh_from_db()
    assert "occupation_text" in profile.missing_fields(rini)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "12345"),
        ("name", "x" * 10_000),
        ("phone", "0812"),
        ("phone", "bukan nomor"),
        ("birth_year", "1800"),
        ("birth_year", "2100"),
        ("birth_year", "-1"),
        ("birth_year", "abcd"),
        ("birth_year", "9" * 10_000),
        ("gender", "<script>"),
        ("education", "doctor-of-everything"),
        ("occupation", ""),
        ("institution_category", "99"),
        ("institution_name", "x" * 10_000),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_kept(
    browser: Browser, rini: Client, field: str, typed: str
) -> None:
    answer = browser.post(reverse("profile"), ANSWERS | {field: typed})
    assert list(errors(answer)) == [field]
    assert errors(answer)[field][0]
    rini.refresh_from_db()
    assert profile.missing_fields(rini) == ALL_MISSING
    assert rini.notice_shown_at is None
    assert Institution.objects.count() == 0


def test_markup_and_unseen_letters_in_a_name_stay_text(browser: Browser, rini: Client) -> None:
    browser.post(
        reverse("profile"),
        ANSWERS | {"name": "Rini\x07\u202e <script>alert(1)</script>", "institution_name": "<b>X</b>"},
    )
    rini.refresh_from_db()
    assert rini.name == "Rini <script>alert(1)</script>"
    page = browser.get(reverse("profile")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>X</b>" not in browser.get(reverse("account")).content.decode()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://jahat.example/",
        "//jahat.example",
        "javascript:alert(1)",
        "\\\\jahat.example",
        "http:///jahat.example",
    ],
)
def test_the_way_back_never_leads_elsewhere(browser: Browser, elsewhere: str) -> None:
    assert browser.get(reverse("profile"), {"next": elsewhere}).context["next"] == ""
    answer = browser.post(reverse("profile"), ANSWERS | {"next": elsewhere})
    assert answer.headers["Location"] == reverse("account")


def test_the_way_back_leads_to_where_the_reader_came_from(browser: Browser) -> None:
    page = browser.get(reverse("profile"), {"next": "/1808/tanya/?jejak=7"})
    assert '<input type="hidden" name="next" value="/1808/tanya/?jejak=7">' in page.content.decode()
    answer = browser.post(reverse("profile"), ANSWERS | {"next": "/1808/tanya/?jejak=7"})
    assert answer.headers["Location"] == "/1808/tanya/?jejak=7"


def test_where_one_wanted_to_go_survives_signing_up_the_code_and_the_profile(
    client: Browser, office: Office
) -> None:
    wanted = "/1808/tanya/?jejak=7"
    page = client.get(reverse("account_login"), {"next": wanted}).content.decode()
    assert "/akun/signup/?next=%2F1808%2Ftanya%2F%3Fjejak%3D7" in page
    sent = {"email": "baru@contoh.example", "password1": PASSWORD, "next": wanted}
    client.post("/akun/signup/", sent)
    answer = client.post("/akun/confirm-email/", {"code": code_of(mail.outbox[0])})
    assert answer.headers["Location"] == "/akun/profil/?next=/1808/tanya/%3Fjejak%3D7"
    assert client.get(answer.headers["Location"]).context["next"] == wanted
    answer = client.post(reverse("profile"), ANSWERS | {"next": wanted})
    assert answer.headers["Location"] == wanted


def test_a_confirmed_address_gives_every_account_a_client_with_that_address(
    client: Browser, office: Office, clock: Clock
) -> None:
    client.post("/akun/signup/", {"email": "baru@contoh.example", "password1": PASSWORD})
    assert Client.objects.count() == 0
    client.post("/akun/confirm-email/", {"code": code_of(mail.outbox[0])})
    made = Client.objects.get()
    assert made.user is not None
    assert (made.user.email, made.email, made.email_verified_at) == (
        "baru@contoh.example",
        "baru@contoh.example",
        clock.at,
    )


def test_whoever_came_before_is_not_asked_again_for_what_is_known(
    client: Browser, office: Office, clock: Clock
) -> None:
    make_client(
        email="baru@contoh.example",
        education="bachelor",
        occupation="student",
        institution_category="private",
    )
    client.post("/akun/signup/", {"email": "baru@contoh.example", "password1": PASSWORD})
    answer = client.post("/akun/confirm-email/", {"code": code_of(mail.outbox[0])})
    assert answer.headers["Location"] == reverse("account")
    assert User.objects.get().name == "Ani Lestari"


def test_an_officer_who_confirms_an_address_is_not_asked_for_a_profile(
    client: Browser, office: Office, budi: Officer
) -> None:
    answer = client.post(reverse("account_login"), {"login": budi.user.email, "password": PASSWORD})
    assert answer.headers["Location"] == reverse("workspace", args=["1808"])


def test_a_profile_filled_in_online_is_offered_at_the_next_visit(
    browser: Browser, rini: Client, office: Office, clock: Clock
) -> None:
    browser.post(reverse("profile"), ANSWERS)
    (found,) = recognition.recognise(office, email="rini@contoh.example", who="kiosk")
    known = recognition.confirmed(office, found.token)
    assert known == rini
    assert gaps(known) == frozenset()
    full = with_profile(Entry(service_key="consultation"), known)
    assert (full.name, full.birth_year, full.institution_category, full.institution_name) == (
        "Rini Puspita",
        1998,
        "research_education",
        "Univ. Lampung",
    )


def test_a_visit_of_a_known_account_keeps_its_copy_of_the_profile(
    browser: Browser, rini: Client, office: Office, clock: Clock
) -> None:
    browser.post(reverse("profile"), ANSWERS)
    rini.refresh_from_db()
    today = Entry(service_key="consultation", purpose="government", subject="PDRB")
    visit = sign(
        office,
        entry=today,
        door=Visit.Door.KIOSK,
        by=None,
        at=clock.at,
        submission_key=uuid.uuid4(),
        client=rini,
    )
    assert (visit.client, visit.education, visit.institution_category) == (
        rini,
        "bachelor",
        "research_education",
    )


def test_coming_for_no_institution_is_an_answer_too(browser: Browser, rini: Client) -> None:
    browser.post(reverse("profile"), ANSWERS | {"institution_name": "", "institution_category": "private"})
    rini.refresh_from_db()
    assert gaps(rini) == frozenset()
    assert with_profile(Entry(service_key=""), rini).institution_category == "private"


def test_another_number_is_not_a_confirmed_one(browser: Browser, rini: Client, clock: Clock) -> None:
    browser.post(reverse("profile"), ANSWERS)
    Client.objects.filter(pk=rini.pk).update(phone_verified_at=clock.at)
    browser.post(reverse("profile"), ANSWERS)
    rini.refresh_from_db()
    assert rini.phone_verified_at == clock.at
    browser.post(reverse("profile"), ANSWERS | {"phone": "0813 1111 2222"})
    rini.refresh_from_db()
    assert rini.phone_verified_at is None


def test_institutions_are_suggested_while_typing(browser: Browser, office: Office) -> None:
    Institution.objects.create(key="universitas lampung", name="Universitas Lampung", uses=2)
    Institution.objects.create(key="universitas rahasia", name="Universitas Rahasia", uses=1)
    answer = browser.get(reverse("profile_suggestions"), {"q": "univ"})
    assert answer.json() == {"results": ["Universitas Lampung"]}


def test_suggestions_are_not_a_list_to_copy(browser: Browser, office: Office) -> None:
    for _ in range(120):
        browser.get(reverse("profile_suggestions"), {"q": "un"})
    assert browser.get(reverse("profile_suggestions"), {"q": "un"}).status_code == 429


def test_answers_follow_the_main_address_of_the_account(rini: Client, browser: Browser, clock: Clock) -> None:
    clients.follow_address(User.objects.get(), email="Rini.Baru@contoh.example", at=clock.at)
    rini.refresh_from_db()
    assert (rini.email, rini.email_verified_at) == ("rini.baru@contoh.example", clock.at)
