"""Being known again, without anybody learning whose number it is."""

import pytest
from django.core import signing

from sapa.core.errors import Refused
from sapa.frontdesk import recognition
from sapa.offices.models import Office
from sapa.people.models import Client
from tests.cast import make_client


def test_a_known_number_is_shown_masked(office: Office, ani: Client) -> None:
    (found,) = recognition.recognise(office, phone="+6281234567890", who="device:1")
    assert (found.name, found.contact) == ("A•• L••••••", "+62 812 •••• 7890 · a••@c•••••.example")
    assert "Lestari" not in found.name + found.contact
    assert "81234567890" not in found.contact.replace(" ", "")
    assert recognition.confirmed(office, found.token) == ani


def test_an_address_finds_its_owner_and_an_unknown_one_nobody(office: Office, ani: Client) -> None:
    assert len(recognition.recognise(office, email="ani@contoh.example", who="device:1")) == 1
    assert recognition.recognise(office, email="tidak@ada.example", who="device:1") == []


def test_nothing_typed_finds_nobody_even_among_those_without_contact(office: Office) -> None:
    make_client("Tanpa Kontak", email="", phone="")
    assert recognition.recognise(office, who="device:1") == []


def test_the_same_number_of_queries_for_known_and_unknown(
    office: Office, ani: Client, django_assert_num_queries
) -> None:
    for phone in ("+6281234567890", "+6281200000000"):
        with django_assert_num_queries(1):
            recognition.recognise(office, phone=phone, who="device:1")


def test_at_most_three_candidates(office: Office) -> None:
    for number in range(5):
        make_client(f"Tamu {number}")
    assert len(recognition.recognise(office, phone="+6281234567890", who="device:1")) == 3


def test_somebody_who_was_anonymised_is_not_found(office: Office, ani: Client) -> None:
    ani.anonymised_at = ani.created_at
    ani.save()
    assert recognition.recognise(office, phone="+6281234567890", who="device:1") == []


def test_trying_out_numbers_is_refused_for_this_address_and_nobody_else(office: Office) -> None:
    for _ in range(recognition.TIMES_PER_ADDRESS):
        recognition.recognise(office, phone="+6281200000001", who="address:10.0.0.1")
    with pytest.raises(Refused) as refused:
        recognition.recognise(office, phone="+6281200000002", who="address:10.0.0.1")
    assert refused.value.code == "too_often"
    assert recognition.recognise(office, phone="+6281200000002", who="address:10.0.0.2") == []


@pytest.mark.parametrize(
    "token",
    ["", "x", "a:b:c", signing.dumps([1, 1], salt="another.purpose")],
    ids=["empty", "a letter", "no signature", "of another purpose"],
)
def test_a_forged_token_is_nobody(office: Office, ani: Client, token: str) -> None:
    with pytest.raises(Refused):
        recognition.confirmed(office, token)


def test_a_token_of_another_office_is_nobody(office: Office, other_office: Office, ani: Client) -> None:
    with pytest.raises(Refused):
        recognition.confirmed(other_office, recognition.masked(office, ani).token)
