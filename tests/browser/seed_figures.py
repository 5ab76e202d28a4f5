"""A table as an office has them: the people of fifteen districts by sex and year, invented."""

from decimal import Decimal
from typing import Final

from sapa.catalogue.figures import Cube, Item, Value

DISTRICTS: Final = (
    *("Banjar Agung", "Banjar Margo", "Banjar Baru", "Gedung Aji", "Penawar Aji", "Meraksa Aji"),
    *("Menggala", "Penawar Tama", "Rawa Jitu Selatan", "Gedung Meneng", "Rawa Jitu Timur"),
    *("Rawa Pitu", "Gedung Aji Baru", "Dente Teladas", "Menggala Timur"),
)
YEARS: Final = range(2010, 2026)


def population() -> Cube:
    """Men, women and both, for each district and all; the last year is provisional, one district begins in 2013."""
    codes = [f"1808{number:02}0" for number in range(1, len(DISTRICTS) + 1)]
    cells: dict[tuple[str, str, str], Value] = {}
    for year in YEARS:
        sums = {"Laki-laki": 0, "Perempuan": 0, "Jumlah": 0}
        for place, code in enumerate(codes):
            if place == 2 and year < 2013:
                continue
            men = 11_000 + 2_300 * (place * 7 % 15) + (year - 2010) * (150 + 35 * (place * 4 % 11))
            told = {"Laki-laki": men, "Perempuan": men * 96 // 100, "Jumlah": men + men * 96 // 100}
            for name, value in told.items():
                sums[name] += value
                cells[code, name, str(year)] = f"{value}*" if year == YEARS[-1] else Decimal(value)
        for name, value in sums.items():
            cells["1808", name, str(year)] = f"{value}*" if year == YEARS[-1] else Decimal(value)
    return Cube(
        rows=(*map(Item, codes, DISTRICTS), Item("1808", "Jumlah")),
        columns=tuple(Item(name, name) for name in ("Laki-laki", "Perempuan", "Jumlah")),
        periods=tuple(Item(str(year), str(year)) for year in YEARS),
        cells=cells,
        rows_label="Kecamatan",
        unit="jiwa",
        notes="Keadaan pertengahan tahun.",
    )
