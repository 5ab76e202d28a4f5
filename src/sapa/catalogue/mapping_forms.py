"""What the columns of a file mean, chosen by whoever hands it over; what their names give away is chosen already."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sapa.catalogue.models import Entry
from sapa.catalogue.sources.base import ABSENCE
from sapa.catalogue.sources.files.layouts import ABSENT, ENTRY, STEPS, Layout, layout_of, recognised
from sapa.catalogue.sources.files.rows import rows_of
from sapa.people.fields import Line

MOST_COLUMNS: Final = 40
SAMPLES: Final = 3
LONGEST_SAMPLE: Final = 40
LABELS: Final = {
    "title": gettext_lazy("Title"),
    "external_id": gettext_lazy("Number or code (each line its own)"),
    "kind": gettext_lazy("Kind"),
    "version": gettext_lazy("Version of the classification"),
    "parent_code": gettext_lazy("Code one step up"),
    "section": gettext_lazy("Section"),
    "summary": gettext_lazy("Description"),
    "keywords": gettext_lazy("Other words for it"),
    "subject": gettext_lazy("Subject"),
    "area": gettext_lazy("Area"),
    "area_bps": gettext_lazy("Code of the area at BPS"),
    "area_kemendagri": gettext_lazy("Code of the area at Kemendagri"),
    "level": gettext_lazy("Level"),
    "frequency": gettext_lazy("Frequency"),
    "year_from": gettext_lazy("First year"),
    "year_until": gettext_lazy("Last year"),
    "unit": gettext_lazy("Unit"),
    "figure_status": gettext_lazy("Status of the figures"),
    "base_year": gettext_lazy("Base year"),
    "producer": gettext_lazy("Producer"),
    "released_on": gettext_lazy("Released on"),
    "fetched_on": gettext_lazy("Fetched on"),
    "url": gettext_lazy("Address"),
    "language": gettext_lazy("Language"),
    "body": gettext_lazy("Text"),
    "indicator": gettext_lazy("Indicator that is not available"),
    "reason": gettext_lazy("Reason"),
    "where_instead": gettext_lazy("Where to ask instead"),
    "next_release": gettext_lazy("Next release"),
}
NEEDED: Final = ("title", "external_id")
NEEDED_ABSENT: Final = ("indicator", "reason")
# How offices call their columns; what is called as in the choices, or by its own name, needs no line here.
_CALLED: Final = {
    **dict.fromkeys(("judul", "nama", "judul tabel", "nama tabel", "nama data", "judul publikasi"), "title"),
    **dict.fromkeys(("kode", "nomor", "no", "no.", "id", "nomor tabel", "no tabel", "code"), "external_id"),
    **dict.fromkeys(("deskripsi", "keterangan", "uraian", "abstrak", "description"), "summary"),
    **dict.fromkeys(("kata kunci", "kata lain", "keyword"), "keywords"),
    **dict.fromkeys(("topik", "subjek", "subyek"), "subject"),
    **dict.fromkeys(("wilayah", "daerah"), "area"),
    **dict.fromkeys(("tahun awal", "tahun mulai", "tahun", "year"), "year_from"),
    **dict.fromkeys(("tahun akhir", "tahun selesai"), "year_until"),
    **dict.fromkeys(("sumber", "produsen", "instansi", "opd"), "producer"),
    **dict.fromkeys(("tautan", "link", "alamat"), "url"),
    **dict.fromkeys(("tanggal rilis", "tgl rilis"), "released_on"),
    **dict.fromkeys(("tingkat", "level penyajian"), "level"),
    **dict.fromkeys(("frekuensi", "periode"), "frequency"),
    **dict.fromkeys(("jenis",), "kind"),
    **dict.fromkeys(("kode induk", "induk"), "parent_code"),
    **dict.fromkeys(("kategori", "seksi"), "section"),
    **dict.fromkeys(("alasan",), "reason"),
    **dict.fromkeys(("indikator",), "indicator"),
    **dict.fromkeys(("tanyakan ke",), "where_instead"),
    **dict.fromkeys(("rilis berikutnya",), "next_release"),
}


@dataclass(frozen=True)
class Column:
    """A column of a file: its name as it stands there, and what its first rows say."""

    name: str
    samples: tuple[str, ...]


def columns_of(path: Path) -> list[Column]:
    """The columns by the first rows of the file. Raises FileRefused for what is no list at all."""
    with path.open("rb") as file:
        head, *rows = [row.cells for row in islice(rows_of(file), 1 + SAMPLES)] or [()]
    found = []
    for place, name in enumerate(head[:MOST_COLUMNS]):
        said = (" ".join(row[place].split()) if place < len(row) else "" for row in rows)
        found.append(Column(" ".join(name.split()), tuple(text[:LONGEST_SAMPLE] for text in said if text)))
    return [each for each in found if each.name]


def is_header_unknown(columns: list[Column]) -> bool:
    """Whether the first line says something that no layout of ours knows, so that its meaning must be asked."""
    layout = recognised([column.name for column in columns])
    return layout.strict and any(column.name.casefold() not in layout.columns for column in columns)


class MappingForm(forms.Form):
    """What a line of the file is, and what each column says about it."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What one line is"),
        required=False,
        help_text=gettext_lazy("Leave it open when a column says it."),
    )
    version = Line(
        label=gettext_lazy("Version of the classification"),
        max_length=30,
        help_text=gettext_lazy("Only for codes: KBLI 2025."),
    )

    def __init__(self, columns: list[Column], *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._columns = columns
        kinds = [(value, label) for value, label in Entry.Kind.choices if value != Entry.Kind.ANSWER]
        self._of("kind").choices = [("", "–"), *kinds, (ABSENCE, _("Not available"))]
        choices = [("", _("– is left out –")), *LABELS.items()]
        taken: set[str] = set()
        for place, column in enumerate(columns):
            guess = _guess(column.name)
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=column.name[:80],
                choices=choices,
                required=False,
                initial="" if guess in taken else guess,
                help_text=" · ".join(column.samples),
            )
            taken.add(guess)
        if set(NEEDED_ABSENT) <= taken:
            self._of("kind").initial = ABSENCE

    def _of(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def clean(self) -> dict[str, Any]:
        """What is needed is there, each thing once, and nothing that such a line cannot have."""
        told = super().clean() or {}
        is_absence = told.get("kind") == ABSENCE
        known = ABSENT if is_absence else (*ENTRY, *STEPS)
        met: set[str] = set()
        for place, _column in enumerate(self._columns):
            name = f"column-{place}"
            target = told.get(name, "")
            if target and target not in known:
                self.add_error(name, _("Such lines have no “%(name)s”.") % {"name": LABELS[target]})
            elif target and target in met:
                self.add_error(name, _("Another column is “%(name)s” already.") % {"name": LABELS[target]})
            met |= {target}
        for need in NEEDED_ABSENT if is_absence else NEEDED:
            if need not in met:
                sentence = _("Choose the column that is “%(name)s”; every line needs it.")
                self.add_error(None, sentence % {"name": LABELS[need]})
        if not told.get("kind") and "kind" not in met:
            self.add_error("kind", _("Say what one line is, or which column says it."))
        return told

    def mapping(self) -> dict[str, Any]:
        """As `layouts.problems_of` and `layout_of` take it, and as it travels to the confirmation."""
        told = self.cleaned_data
        columns = {
            column.name: told[f"column-{place}"]
            for place, column in enumerate(self._columns)
            if told[f"column-{place}"]
        }
        found: dict[str, Any] = {"kind": told["kind"], "columns": columns}
        if told["kind"] == Entry.Kind.CLASSIFICATION_CODE:
            found["parents"] = "prefix"
        if told["version"]:
            found["version"] = told["version"]
        return found

    @property
    def layout(self) -> Layout:
        """How the file is read."""
        return layout_of(self.mapping())


def _guess(name: str) -> str:
    folded = name.casefold()
    own: Mapping[str, str] = {str(label).casefold(): field for field, label in LABELS.items()}
    return folded if folded in LABELS else own.get(folded, _CALLED.get(folded, ""))
