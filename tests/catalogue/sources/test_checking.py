import pytest

from sapa.catalogue.sources.checking import address
from sapa.catalogue.sources.registry import READERS, reader_of


@pytest.mark.parametrize("kind", READERS)
def test_a_slip_in_the_name_of_a_setting_is_told_in_the_same_words_by_every_kind(kind: str) -> None:
    told = reader_of(kind).check({"uurl": "x"})
    assert told[0].startswith("“uurl” tidak dikenal di sini. Yang dikenal: ")


@pytest.mark.parametrize(
    "given", [None, 7, "", "data.contoh.go.id", "ftp://data.contoh.go.id", "https://", "https://[x"]
)
def test_what_is_no_address_of_the_web_is_told(given: object) -> None:
    assert address(given, "Alamat?") == ["Alamat?"]


def test_an_address_of_the_web_is_taken() -> None:
    assert address("https://data.contoh.go.id/api", "Alamat?") == []
