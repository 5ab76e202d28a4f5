"""Names of files: for people to read, never for a computer to believe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapa.files.kinds import KINDS
from sapa.files.names import LONGEST, cleaned, extension_of


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("laporan.pdf", "laporan.pdf"),
        ("Laporan Inflasi Juli 2026.PDF", "Laporan Inflasi Juli 2026.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\ani\\Dokumen\\surat.pdf", "surat.pdf"),
        ("/etc/passwd", "passwd.pdf"),
        ("a\x00b\x1fc\r\nd.pdf", "abc d.pdf"),
        ("laporan\u202efdp.exe.pdf", "laporanfdp.exe.pdf"),
        ("nol\u200blebar\ufeff.pdf", "nollebar.pdf"),
        ('a<b>:"c|d?*.pdf', "a_b___c_d__.pdf"),
        ("CON.pdf", "berkas CON.pdf"),
        ("lpt1.tar.pdf", "berkas lpt1.tar.pdf"),
        ("nul", "berkas nul.pdf"),
        (".pdf", "pdf.pdf"),
        ("...pdf", "berkas.pdf"),
        ("", "berkas.pdf"),
        ("   .pdf", "pdf.pdf"),
        ("laporan. .pdf", "laporan.pdf"),
        ("laporan", "laporan.pdf"),
        ("laporan.final", "laporan.final.pdf"),
        ("é".encode().decode() + "tude.pdf", "étude.pdf"),
        ("e\u0301tude.pdf", "étude.pdf"),
        ("data\u2003 \tbaru.pdf", "data baru.pdf"),
        ("تقرير.pdf", "تقرير.pdf"),
        ("😀.pdf", "😀.pdf"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
        ("😀" * 300 + ".pdf", "😀" * 50 + ".pdf"),
    ],
)
def test_a_name_is_made_safe_and_stays_readable(sent: str, kept: str) -> None:
    assert cleaned(sent, KINDS["pdf"]) == kept


@given(st.text(max_size=400))
def test_no_name_ever_leaves_the_folder_or_hides_its_end(sent: str) -> None:
    kept = cleaned(sent, KINDS["pdf"])
    assert kept.endswith(".pdf")
    assert len(kept) <= LONGEST
    assert len(kept.encode()) <= 255
    assert kept.isprintable()
    assert not set('/\\<>:"|?*') & set(kept)
    assert kept[0] not in ". "
    assert cleaned(kept, KINDS["pdf"]) == kept


def test_the_usual_spellings_of_an_extension_stay() -> None:
    assert cleaned("foto.JPEG", KINDS["jpeg"]) == "foto.jpeg"
    assert cleaned("data.tsv", KINDS["csv"]) == "data.tsv"


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("a.PDF", "pdf"),
        ("a.tar.gz", "gz"),
        ("a", ""),
        (".profil", ""),
        ("a\u202e.pdf", "pdf"),
        ("b/.pdf", ""),
    ],
)
def test_the_extension_is_what_stands_after_the_last_dot(name: str, extension: str) -> None:
    assert extension_of(name) == extension
