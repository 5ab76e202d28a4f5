"""What is taken and what is not, by content; each refusal is a sentence that says what to send instead."""

from io import BytesIO

import pytest
from django.utils import translation
from PIL import Image

from sapa.core.errors import Refused
from sapa.files import archives, content, pictures
from sapa.files.kinds import KINDS
from tests.files import samples
from tests.files.samples import EXCEL, SLIDES, archive, office, open_document, pdf, picture

WHOLE = {
    "laporan.pdf": ("pdf", pdf()),
    "peta.png": ("png", picture("PNG")),
    "foto.jpg": ("jpeg", picture("JPEG")),
    "FOTO.JPEG": ("jpeg", picture("JPEG")),
    "foto.webp": ("webp", picture("WEBP")),
    "gerak.gif": ("gif", picture("GIF")),
    "surat.docx": ("docx", office()),
    "tabel.xlsx": ("xlsx", office(EXCEL, "xl/workbook.xml")),
    "paparan.pptx": ("pptx", office(SLIDES, "ppt/presentation.xml")),
    "surat.odt": ("odt", open_document()),
    "tabel.ods": ("ods", open_document("spreadsheet")),
    "data.csv": ("csv", b"kode,nilai\n1808,12\n"),
    "data.tsv": ("csv", b"kode\tnilai\n1808\t12\n"),
    "negara.csv": ("csv", b"MZ,Mozambik\nID,Indonesia\n"),
    "catatan.txt": ("txt", "Angka inflasi – Juli\n".encode()),
    "windows.txt": ("txt", "Rp 5 – “harga”".encode("cp1252")),
    "unicode.csv": ("csv", "kode;nilai\n".encode("utf-16")),
    "bertanda.csv": ("csv", "kode;nilai\n".encode("utf-8-sig")),
    "foto": ("jpeg", picture("JPEG")),
    "catatan": ("txt", b"tanpa akhiran"),
    "bagan.docx": ("docx", office(word__embeddings__Tabel_xlsx=office(EXCEL, "xl/workbook.xml"))),
}


def said(name: str, sent: bytes) -> tuple[str, str]:
    """The code and the English sentence of the refusal."""
    with translation.override("en"):
        with pytest.raises(Refused) as refusal:
            content.check(BytesIO(sent), name=name)
        return refusal.value.code, str(refusal.value)


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_file_is_known_by_its_content(name: str) -> None:
    key, sent = WHOLE[name]
    assert content.check(BytesIO(sent), name=name).kind is KINDS[key]


@pytest.mark.parametrize(
    ("name", "sent", "what"),
    [
        ("laporan.pdf", picture("PNG"), "a PNG picture"),
        ("foto.png", picture("JPEG"), "a JPEG picture"),
        ("tabel.csv", pdf(), "a PDF document"),
        ("surat.docx", office(EXCEL, "xl/workbook.xml"), "an Excel workbook"),
        ("tabel.xlsx", open_document("spreadsheet"), "an OpenDocument spreadsheet"),
        ("foto.jpg", b"bukan foto\n", "a text file"),
        ("surat.doc", office(), "a Word document"),
        ("program.exe", pdf(), "a PDF document"),
    ],
)
def test_a_file_that_lies_about_its_kind_is_told_what_it_is(name: str, sent: bytes, what: str) -> None:
    code, sentence = said(name, sent)
    assert code == "not_what_it_says"
    assert sentence == (
        f"The name of this file ends in .{name.rpartition('.')[2]}, but it is {what}. Please send the original file."
    )


@pytest.mark.parametrize(
    ("name", "sent", "what"),
    [
        ("foto.jpg", b"MZ\x90\x00\x03\x00\x00\x00", "a Windows program"),
        ("data.csv", b"\x7fELF\x02\x01\x01\x00", "a Linux program"),
        ("catatan.txt", b"#!/bin/sh\nrm -rf /\n", "a script"),
        ("catatan.txt", b"<!DOCTYPE html><script>alert(1)</script>", "a web page"),
        ("catatan.txt", b"\xef\xbb\xbf  <HTML><body>", "a web page"),
        ("gambar.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "an SVG or XML file"),
        ("gambar.svg", b"<?xml version='1.0'?><svg/>", "an SVG or XML file"),
        ("surat.docx", b"{\\rtf1 surat}", "an RTF document"),
        ("data.zip", archive({"data.csv": b"a,b"}), "an archive (ZIP)"),
        ("data.docx", archive({"data.csv": b"a,b"}), "an archive (ZIP)"),
        ("aplikasi.apk", archive({"AndroidManifest.xml": b"x"}), "an Android app"),
        ("program.jar", archive({"META-INF/MANIFEST.MF": b"x"}), "a Java program"),
        ("paparan.odp", open_document("presentation"), "another OpenDocument file or e-book"),
        ("data.rar", b"Rar!\x1a\x07\x01\x00", "an archive (RAR)"),
        ("data.7z", b"7z\xbc\xaf\x27\x1c\x00\x04", "an archive (7z)"),
        ("data.csv.gz", b"\x1f\x8b\x08\x00\x00", "an archive (gzip)"),
        ("IMG_1.HEIC", b"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00", "a HEIC picture (save it as JPEG)"),
        ("IMG_1.avif", b"\x00\x00\x00\x24ftypavif\x00\x00\x00\x00", "an AVIF picture (save it as JPEG)"),
        ("video.mp4", b"\x00\x00\x00\x24ftypisom\x00\x00\x00\x00", "a video recording"),
        ("peta.tif", b"II*\x00\x08\x00\x00\x00", "a TIFF picture (save it as JPEG)"),
        ("data.sav", b"$FL2@(#) SPSS\x00\x01", "an SPSS file"),
        ("acak.csv", bytes(range(256)) * 4, "of a kind we do not know"),
        ("nol.txt", b"angka\x00inflasi", "of a kind we do not know"),
        ("tanpa-tanda.txt", "angka".encode("utf-16-le"), "of a kind we do not know"),
    ],
)
def test_a_kind_that_is_not_taken_is_called_by_its_name(name: str, sent: bytes, what: str) -> None:
    code, sentence = said(name, sent)
    assert code == "kind_not_taken"
    assert sentence == (
        f"This file is {what}, which we cannot take."
        " Please send a PDF, a picture, an Office file, CSV or text; several files one by one."
    )


def test_an_old_or_locked_office_file_is_told_how_to_be_saved() -> None:
    assert said("surat.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600) == (
        "old_office",
        "This is an Office file of before 2007, or one with a password."
        " Please save it as .docx, .xlsx or .pptx without a password.",
    )


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("surat.docm", office("application/vnd.ms-word.document.macroEnabled.main+xml")),
        ("surat.docx", office("application/vnd.ms-word.document.macroEnabled.main+xml")),
        ("surat.docx", office(word__vbaProject_bin=b"program")),
        ("surat.docx", office(word__VBAPROJECT_BIN=b"program")),
        ("tabel.xlsx", office(EXCEL, "xl/workbook.xml", xl__macrosheets__sheet1_xml=b"<x/>")),
        ("surat.odt", open_document(**{"Basic/Standard/Modul.xml": b"<x/>"})),
        ("surat.odt", open_document(**{"Scripts/python/buka.py": b"import os"})),
    ],
)
def test_macros_are_refused_whatever_the_name_says(name: str, sent: bytes) -> None:
    assert said(name, sent) == (
        "macros",
        "This document has macros (small programs)."
        " Please save it without macros, or as a PDF, and send that.",
    )


def test_an_open_document_without_a_macro_in_its_empty_library_is_taken() -> None:
    sent = open_document(**{"Basic/script-lc.xml": b"<x/>", "Basic/Standard/script-lb.xml": b"<x/>"})
    assert content.check(BytesIO(sent), name="surat.odt").kind.key == "odt"


@pytest.mark.parametrize(
    "sent",
    [
        samples.bomb_of_ratio(),
        samples.liar_about_size(),
        samples.overlapping(),
        archive({f"{number}.xml": b"" for number in range(archives.MOST_MEMBERS + 1)}),
    ],
    ids=["ratio", "lies about its size", "overlapping members", "too many members"],
)
def test_a_zip_bomb_in_an_office_file_is_refused_without_being_unpacked(sent: bytes) -> None:
    assert len(sent) < 1_000_000
    assert said("surat.docx", sent) == (
        "bomb",
        "This file would become far too large when it is opened. Please send a smaller one, or as a PDF.",
    )


def test_a_bomb_of_many_megabytes_is_refused_by_what_it_says_it_expands_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archives, "MOST_EXPANDED_BYTES", 1_000_000)
    assert said("surat.docx", office(word__a_xml=b"A" * 1_100_000))[0] == "bomb"


@pytest.mark.parametrize(
    "sent",
    [
        office(word__media__isi_zip=archive({"a.csv": b"1"})),
        office(word__embeddings__isi_xlsx=archive({"a.csv": b"1"})),
        office(
            word__embeddings__isi_docx=office(word__embeddings__lagi_xlsx=office(EXCEL, "xl/workbook.xml"))
        ),
    ],
    ids=["among the pictures", "behind a chart, but no workbook", "two levels"],
)
def test_an_archive_inside_a_document_is_refused(sent: bytes) -> None:
    assert said("surat.docx", sent) == (
        "nested_archive",
        "This document has another archive inside, which we cannot check. Please send the parts one by one.",
    )


def test_macros_in_the_workbook_behind_a_chart_are_found() -> None:
    inside = office(EXCEL, "xl/workbook.xml", xl__vbaProject_bin=b"x")
    assert said("surat.docx", office(word__embeddings__tabel_xlsx=inside))[0] == "macros"


@pytest.mark.parametrize(
    "sent",
    [
        open_document(**{"META-INF/manifest.xml": b"<manifest:encryption-data/>"}),
        # The mark of a password in the list of members.
        office().replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"),
    ],
    ids=["open document", "archive"],
)
def test_a_file_with_a_password_is_refused(sent: bytes) -> None:
    assert said("surat.odt", sent) == (
        "locked",
        "This file is locked with a password, so we cannot check it."
        " Please remove the password and send it again.",
    )


@pytest.mark.parametrize(
    "sent",
    [
        office()[:-30],
        office()[: len(office()) // 2],
        b"PK\x03\x04" + b"\0" * 200,
        archive({"[Content_Types].xml": samples.WORD.encode(), "../../etc/cron.d/x": b"x"}),
        archive({"[Content_Types].xml": samples.WORD.encode(), "/etc/x": b"x"}),
        archive({"[Content_Types].xml": samples.WORD.encode(), "a.xml": b"1", "A.XML": b"2"}),
        open_document().replace(b"<content/>", b"<c0ntent/>"),
    ],
    ids=["no list", "half", "nothing", "path upwards", "path from the root", "twice the same name", "torn"],
)
def test_a_damaged_office_file_is_refused(sent: bytes) -> None:
    assert said("surat.docx", sent) == (
        "damaged",
        "This file is damaged or incomplete. Please open it yourself, save it anew and send that.",
    )


@pytest.mark.parametrize("sent", [pdf()[:-8], b"%PDF-", b"%PDF-1.4\n" + b"x" * 5_000])
def test_half_a_pdf_is_refused(sent: bytes) -> None:
    assert said("laporan.pdf", sent) == (
        "damaged",
        "This PDF is damaged or incomplete. Please save it anew and send that.",
    )


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("laporan.pdf", pdf() + archive({"a.exe": b"MZ"})),
        ("foto.png", picture("PNG") + archive({"a.exe": b"MZ"})),
        ("foto.gif", picture("GIF") + archive({"META-INF/MANIFEST.MF": b"x"})),
    ],
)
def test_a_file_with_two_faces_is_refused(name: str, sent: bytes) -> None:
    assert said(name, sent) == (
        "two_faces",
        "This file has an archive hidden behind it. Please save it anew and send that.",
    )


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("foto.png", picture("PNG")[:2_000]),
        ("foto.jpg", picture("JPEG")[:300]),
        ("foto.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 500),
        ("foto.gif", b"GIF89a" + b"\xff" * 100),
        ("foto.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 " + b"\0" * 50),
        ("kecil.png", samples.picture_of_many_points(200, 200)),
    ],
)
def test_a_damaged_picture_is_refused(name: str, sent: bytes) -> None:
    assert said(name, sent) == ("damaged", "This picture is damaged or incomplete. Please send it again.")


def test_a_picture_that_claims_to_be_huge_is_refused_before_it_is_decoded() -> None:
    sent = samples.picture_of_many_points(100_000, 100_000)
    assert len(sent) < 200
    assert said("peta.png", sent) == (
        "too_many_points",
        "This picture has more than 64 million points. Please make it smaller and send it again.",
    )


def test_a_large_picture_that_costs_much_to_decode_gets_no_small_copy() -> None:
    found = pictures.look_at(BytesIO(samples.picture_of_many_points(5_000, 4_000)), "png")
    assert (found.width, found.height, found.thumbnail) == (5_000, 4_000, None)


def test_a_large_progressive_picture_is_taken_but_not_decoded() -> None:
    written = BytesIO()
    Image.new("L", (5_000, 4_000)).save(written, "JPEG", progressive=True)
    found = pictures.look_at(written, "jpeg")
    assert (found.width, found.height, found.thumbnail) == (5_000, 4_000, None)
    plain = BytesIO()
    Image.new("L", (5_000, 4_000)).save(plain, "JPEG")
    assert pictures.look_at(plain, "jpeg").thumbnail is not None
