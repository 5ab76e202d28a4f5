"""The office's list of what does not exist as a spreadsheet: to be filled in, or mended, and handed in again."""

import io
from typing import Any, Final

from django.utils.translation import gettext as _

from sapa.catalogue.models import Absence, Frequency, Level
from sapa.catalogue.sources.files.layouts import CALLED
from sapa.offices.models import Office

WIDTHS: Final = {"indicator": 46, "reason": 60, "where_instead": 46, "url": 30}
# Lines below the last one that offer the choices, too.
MOST_LINES: Final = 2_000


def absences_as_xlsx(office: Office) -> bytes:
    """What the office's own list says today, under the names of its columns; a second sheet tells what they mean.

    Absences that a source tells are not in it: they are mended there."""
    # Takes a third of a second to load, and hardly any page needs it.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("Not available")
    sheet.append([name.capitalize() for name in CALLED])
    sheet.freeze_panes = "B2"
    rows = Absence.objects.filter(office=office, source=None, withdrawn_at=None).order_by("indicator", "pk")
    for row in rows.iterator():
        sheet.append([_shown(row, name) for name in CALLED.values()])
    choices = {"level": Level.labels, "frequency": Frequency.labels}
    for place, name in enumerate(CALLED.values(), 1):
        letter = sheet.cell(1, place).column_letter
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[letter].width = WIDTHS.get(name, 20)
        if name in choices:
            listed = ",".join(str(label) for label in choices[name])
            told = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
            sheet.add_data_validation(told)
            told.add(f"{letter}2:{letter}{MOST_LINES}")
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.data_type = "s"  # also what begins like a formula
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    help_ = book.create_sheet(_("How to fill it in"))
    help_.column_dimensions["A"].width, help_.column_dimensions["B"].width = 22, 100
    for name, words in _meanings().items():
        help_.append([name.capitalize(), words])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _shown(row: Absence, name: str) -> str:
    shown = {"level": row.get_level_display, "frequency": row.get_frequency_display}
    return str(shown[name]() if name in shown else getattr(row, name))


def _meanings() -> dict[str, str]:
    return {
        "indikator": _("What people ask for and do not find. Needed."),
        "tingkat": _("Of which level the figure is missing: %(choices)s.")
        % {"choices": _listed(Level.labels)},
        "frekuensi": _("How often it would be needed: %(choices)s.") % {"choices": _listed(Frequency.labels)},
        "wilayah": _("The area, where it is missing only there."),
        "alasan": _("Why there is none, in a sentence that a visitor understands. Needed."),
        "tanyakan ke": _("Who has it instead, or which figure comes near: another agency, the province's."),
        "rilis berikutnya": _("When there will be one, for example: Februari 2027."),
        "kata lain": _("Other words that people use for it."),
        "alamat": _("The web address of who has it instead."),
    }


def _listed(labels: list[Any]) -> str:
    return ", ".join(str(label) for label in labels)
