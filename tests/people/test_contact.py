"""Numbers, addresses and names: one written form, and a mask that shows no more than it says."""

import string

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from sapa.people.contact import (
    DOT,
    BadContact,
    institution_key,
    mask_email,
    mask_name,
    mask_phone,
    normalise_email,
    normalise_phone,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("081234567890", "+6281234567890"),
        ("6281234567890", "+6281234567890"),
        ("+6281234567890", "+6281234567890"),
        ("81234567890", "+6281234567890"),
        ("0812 3456 7890", "+6281234567890"),
        ("0812-3456-7890", "+6281234567890"),
        ("(0812) 3456.7890", "+6281234567890"),
        ("+62 (0)812 3456 7890", "+6281234567890"),
        ("+62 0812 3456 7890", "+6281234567890"),
        ("0062 812 3456 7890", "+6281234567890"),
        ("0812–3456–7890", "+6281234567890"),
        ("０８１２３４５６７８９０", "+6281234567890"),
        ("0726-7575406", "+627267575406"),
        ("021 3841195", "+62213841195"),
        ("0967 533028", "+62967533028"),
        ("0622 123456", "+62622123456"),
        ("+60 12 345 6789", "+60123456789"),
        ("0060 12 345 6789", "+60123456789"),
        ("+1 (202) 555-0143", "+12025550143"),
    ],
)
def test_a_number_is_kept_in_one_form_however_it_is_typed(typed: str, kept: str) -> None:
    assert normalise_phone(typed) == kept


@pytest.mark.parametrize("typed", ["", "   ", "\t\n"])
def test_nothing_typed_is_no_number(typed: str) -> None:
    assert normalise_phone(typed) is None
    assert normalise_email(typed) is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0812 3456 789O", "Type the telephone number in digits only, for example 0812 3456 7890."),
        ("ask my wife", "Type the telephone number in digits only, for example 0812 3456 7890."),
        ("08" * 30, "Type the telephone number in digits only, for example 0812 3456 7890."),
        ("08" + "1" * 90_000, "Type the telephone number in digits only, for example 0812 3456 7890."),
        ("112", "The telephone number is too short. Type it in full, for example 0812 3456 7890."),
        ("-", "The telephone number is too short. Type it in full, for example 0812 3456 7890."),
        (
            "08123456789012345",
            "This is not an Indonesian number. Check it, or begin a foreign number with +.",
        ),
        ("001202", "Type the foreign number in full with its country code, for example +60 12 345 6789."),
        ("+1", "Type the foreign number in full with its country code, for example +60 12 345 6789."),
        (
            "+0812345678",
            "Type the foreign number in full with its country code, for example +60 12 345 6789.",
        ),
        ("+6281", "The telephone number is too short. Type it in full, for example 0812 3456 7890."),
        ("1234567890", "This is not an Indonesian number. Check it, or begin a foreign number with +."),
    ],
)
def test_a_number_that_cannot_be_called_is_refused_with_a_way_out(typed: str, sentence: str) -> None:
    with translation.override("en"):
        with pytest.raises(BadContact) as refusal:
            normalise_phone(typed)
        assert str(refusal.value) == sentence


@given(st.text(max_size=45))
def test_a_kept_number_is_e164_and_keeping_it_again_changes_nothing(typed: str) -> None:
    try:
        kept = normalise_phone(typed)
    except BadContact:
        return
    if kept is not None:
        assert kept[0] == "+"
        assert kept[1:].isdecimal()
        assert 8 <= len(kept) - 1 <= 15
        assert normalise_phone(kept) == kept


@given(st.from_regex(r"8[1-9][0-9]{7,10}", fullmatch=True))
def test_every_way_to_write_a_mobile_number_leads_to_the_same_one(national: str) -> None:
    ways = [f"0{national}", f"62{national}", f"+62{national}", f"+62 (0) {national}", f"0062{national}"]
    assert {normalise_phone(way) for way in ways} == {f"+62{national}"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Budi.Santoso@Gmail.COM ", "budi.santoso@gmail.com"),
        ("ani+pst@students.unila.ac.id", "ani+pst@students.unila.ac.id"),
        ("ａｎｉ＠ｇｍａｉｌ.com", "ani@gmail.com"),
    ],
)
def test_an_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert normalise_email(typed) == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("budi.gmail.com", "The @ is missing. Type the e-mail address like name@example.com."),
        (
            "budi@gmail,com",
            "Type one e-mail address without spaces or commas, like name@example.com.",
        ),
        (
            "budi@gmail.com ani@gmail.com",
            "Type one e-mail address without spaces or commas, like name@example.com.",
        ),
        ("budi@gmail", "This is not a complete e-mail address. Type it like name@example.com."),
        ("budi@localhost", "This is not a complete e-mail address. Type it like name@example.com."),
        ("@gmail.com", "This is not a complete e-mail address. Type it like name@example.com."),
        ("a@b@c.com", "This is not a complete e-mail address. Type it like name@example.com."),
        (
            "a" * 400 + "@gmail.com",
            "This is not a complete e-mail address. Type it like name@example.com.",
        ),
        (
            "budi@gmail.com\nBcc: x@y.id",
            "Type one e-mail address without spaces or commas, like name@example.com.",
        ),
    ],
)
def test_an_address_that_cannot_be_written_to_is_refused_with_a_way_out(typed: str, sentence: str) -> None:
    with translation.override("en"):
        with pytest.raises(BadContact) as refusal:
            normalise_email(typed)
        assert str(refusal.value) == sentence


@given(st.one_of(st.emails(), st.text(max_size=60)))
def test_keeping_an_address_again_changes_nothing(typed: str) -> None:
    try:
        kept = normalise_email(typed)
    except BadContact:
        return
    if kept is not None:
        assert normalise_email(kept) == kept


# Masks.


@pytest.mark.parametrize(
    ("email", "masked"),
    [
        ("budi.santoso@gmail.com", "b••••••••••o@gmail.com"),
        ("budi@yahoo.co.id", "b••i@yahoo.co.id"),
        ("ani@gmail.com", "a••@gmail.com"),
        ("a@gmail.com", "•@gmail.com"),
        ("dewi@budisantoso.id", "d••i@b••••••••••.id"),
        ("citra@students.unila.ac.id", "c•••a@s•••••••.u••••.ac.id"),
        ("citra@bps.go.id", "c•••a@bps.go.id"),
        ("no address", "••••••••••"),
        ("", ""),
    ],
)
def test_an_address_is_recognised_by_its_owner_only(email: str, masked: str) -> None:
    assert mask_email(email) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("+6281234567890", "+62 812 •••• 7890"),
        ("+628123456789012", "+62 812 •••••• 9012"),
        ("+627267575406", "+62 726 •••• 406"),
        ("+62213841195", "+62 213 •••• 95"),
        ("+622138411", "+62 213 ••••"),
        ("+60123456789", "+60 ••••• 6789"),
        ("+12025550", "+12 •••• 50"),
        ("112", "•••"),
        ("", ""),
    ],
)
def test_a_number_is_recognised_by_its_owner_only(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Budi Santoso", "B••• S••••••"),
        ("  Ani   binti Umar ", "A•• b•••• U•••"),
        ("M. Yusuf", "M• Y••••"),
        ("Li", "L•"),
        ("E\u0301milie", "É•••••"),
        ("", ""),
    ],
)
def test_a_name_is_recognised_by_its_owner_only(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.text(alphabet=string.ascii_letters + " '.-", max_size=60))
def test_a_masked_name_shows_the_first_letter_of_each_word_and_nothing_else(name: str) -> None:
    assert mask_name(name).split() == [word[0] + DOT * (len(word) - 1) for word in name.split()]


@given(st.text(max_size=60))
def test_no_name_in_any_script_shows_more_than_one_letter_a_word(name: str) -> None:
    for word in mask_name(name).split():
        assert set(word[1:]) <= {DOT}


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_a_masked_number_hides_at_least_four_digits_and_keeps_the_others_in_place(phone: str) -> None:
    masked = mask_phone(phone).replace(" ", "").lstrip("+")
    hidden = [place for place, each in enumerate(masked) if each == DOT]
    assert len(hidden) >= 4
    assert hidden == list(range(hidden[0], hidden[-1] + 1))
    assert masked == "".join(
        DOT if place in hidden else digit for place, digit in enumerate(phone.removeprefix("+"))
    )
    assert sum(each != DOT for each in masked) <= 9


@given(st.from_regex(r"[a-z0-9._]{1,30}", fullmatch=True), st.sampled_from(["gmail.com", "unila.ac.id"]))
def test_a_masked_address_shows_two_letters_of_the_name_at_most(local: str, domain: str) -> None:
    shown = mask_email(f"{local}@{domain}").split("@")[0]
    assert len(shown) == len(local)
    assert sum(each != DOT for each in shown) == (0 if len(local) == 1 else 1 if len(local) < 4 else 2)


@given(st.from_regex(r"[a-z]{2,20}", fullmatch=True))
def test_a_domain_of_ones_own_does_not_give_the_name_away(label: str) -> None:
    assert mask_email(f"me@{label}.id").split("@")[1] == f"{label[0]}{DOT * (len(label) - 1)}.id"


# Institutions.


@pytest.mark.parametrize(
    "spellings",
    [
        ("Universitas Lampung", "UNIVERSITAS LAMPUNG", "Univ. Lampung", "univ lampung", " Univ.Lampung "),
        (
            "Dinas Kesehatan Kabupaten Tulang Bawang",
            "Dinkes Kab. Tulang Bawang",
            "Din. Kesehatan Kab.Tulang-Bawang",
        ),
        ("Bappeda Provinsi Lampung", "BAPPEDA Prov. Lampung", "Bapeda Propinsi Lampung"),
        ("SMA Negeri 1 Menggala", "S.M.A. Negeri 1 Menggala", "SMAN 1 Menggala"),
        ("PT Bank Lampung", "PT. Bank Lampung", "P.T. Bank Lampung", "Bank Lampung", "Bank Lampung, Tbk."),
        ("BPS Kab. Tulang Bawang", "Badan Pusat Statistik Kabupaten Tulang Bawang"),
        ("Dinas Kependudukan & Pencatatan Sipil", "Dinas Kependudukan dan Pencatatan Sipil", "Disdukcapil"),
        ("Pemkab Tulang Bawang", "Pemerintah Kab. Tulang Bawang"),
        ("Institut Français", "institut francais"),
    ],
)
def test_spellings_of_one_institution_meet(spellings: tuple[str, ...]) -> None:
    assert len({institution_key(each) for each in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pemkot Metro", "Pemkab Metro"),
        ("SMAN 1 Menggala", "SMAN 2 Menggala"),
        ("Universitas Lampung", "Universitas Muhammadiyah Lampung"),
        ("Kota Bandar Lampung", "Kabupaten Bandar Lampung"),
    ],
)
def test_different_institutions_stay_apart(one: str, other: str) -> None:
    assert institution_key(one) != institution_key(other)


def test_a_name_that_is_only_a_legal_form_keeps_it() -> None:
    assert institution_key("PT") == "pt"


@pytest.mark.parametrize("name", ["", " . ", "—"])
def test_a_name_without_letters_has_no_key(name: str) -> None:
    assert institution_key(name) == ""


@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(
            st.sampled_from(
                ["Univ.", "Din.", "Kab.", "PT", "SMAN", "BPS", "RS", "&", "Prov.", "kel", "S.M.A."]
            ),
            max_size=40,
        ).map(" ".join),
    )
)
def test_the_key_of_a_key_is_itself_and_fits_its_column(name: str) -> None:
    key = institution_key(name)
    assert institution_key(key) == key
    assert len(key) <= 160


def test_a_very_long_name_is_cut_between_words() -> None:
    assert institution_key("Kab. " * 60) == " ".join(["kabupaten"] * 16)
