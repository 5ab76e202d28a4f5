"""What is typed is kept without the addresses and numbers of people; years, codes and figures stay."""

import pytest

from sapa.catalogue.personal import found_in, masked


@pytest.mark.parametrize(
    ("text", "kept"),
    {
        "data saya ani@contoh.example 2024": "data saya ••• 2024",
        "hubungi 0812 3456 7890 ya": "hubungi ••• ya",
        "+62812-3456-7890": "•••",
        "nik 1808014501990001 desil": "nik ••• desil",
        "nip 198501012010121001": "nip •••",
        "8123456789": "•••",
        "a@b.id dan 081234567890": "••• dan •••",
        "081234567890@surat.example": "•••",
    }.items(),
)
def test_addresses_and_numbers_of_people_are_masked(text: str, kept: str) -> None:
    assert masked(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "penduduk 2019 2020 2021 2022",
        "pdrb 2010-2025",
        "kbli 47721 kbji 9111.01",
        "kode desa 1808012002",
        "PDRB 25.123.456.789,12 rupiah",
        "rata2 kos2an",
        "",
    ],
)
def test_years_codes_and_figures_stay(text: str) -> None:
    assert (masked(text), found_in(text)) == (text, [])
