"""BPS's WebAPI on a port of this machine: its envelopes (domain.md 10.1), a small invented office, and its bad days.

Everything arrives with HTTP 200: `{"status": "OK", "data-availability": "available", "data": [paging, rows]}`, "there
is none", and errors. Numbers of dynamic tables stand under concatenated keys.
"""

import json
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from urllib.parse import unquote

from tests.simulators import server

KEY = "kunci-simulasi"
Row = dict[str, Any]
SITES = [
    {"domain_id": "0000", "domain_name": "Pusat", "domain_url": "https://www.bps.example"},
    {"domain_id": "1808", "domain_name": "Tulang Bawang", "domain_url": "https://tuba.bps.example"},
]
DISTRICTS = [(1808010, "Banjar Agung"), (1808020, "Menggala"), (1808030, "Gedung Aji")]


@dataclass
class Fault:
    """From now on, `times` answers to addresses that hold `where` are spoilt in this way (-1: all of them)."""

    kind: str
    where: str = ""
    times: int = -1
    field: str = ""
    seconds: float = 0


@dataclass
class Site:
    """What the WebAPI knows, and what was asked. Tests change `lists`, `views` and `tables` as they like."""

    lists: dict[tuple[str, str], list[Row]] = field(default_factory=dict)  # model, language -> rows
    views: dict[tuple[str, str], Row] = field(default_factory=dict)  # model, number -> row
    tables: dict[str, Row] = field(default_factory=dict)  # variable -> what stands beside `status`
    faults: list[Fault] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    most: int = 10  # rows on a page, whatever is asked
    needs_years: bool = False  # numbers are told only for years that are named
    origin: str = ""

    def break_down(self, kind: str, where: str = "", **how: Any) -> None:
        self.faults.append(Fault(kind, where, **how))

    def answer(self, path: str) -> Any:
        parts = path.strip("/").split("/")
        named = dict(zip(parts[1::2], parts[2::2], strict=False))
        if parts[0] == "interoperabilitas":
            named = dict(zip(parts[3::2], parts[4::2], strict=False))
            if named.get("key") != KEY:
                return {"status": "Error", "message": "Invalid API key"}
            if parts[2] == "simdasi" and named["id"] == "25":
                told = self.views.get((f"simdasi {named['id_tabel']}", named["tahun"]))
                return _listed(told, {"page": 1, "pages": 1, "total": 1}) if told else _nothing()
            if parts[2] == "sensus" and named["id"] == "41":
                rows = self.lists.get((f"sensus 41 {named['dataset']}", named["wilayah_sensus"]), [])
                inner = {"status": 200, "data_count": len(rows), "data": rows}
                return _listed(inner, {"page": 1, "pages": 1, "total": 1}) if rows else _nothing()
            return self._page([*self.lists.get((f"{parts[2]} {named['id']}", ""), [])], named)
        if named.get("key") != KEY:
            return {"status": "Error", "message": "Invalid API key"}
        if parts[0] == "domain":
            return _listed(SITES, {"page": 1, "pages": 1, "total": len(SITES)})
        if parts[0] == "dataexim":
            return self._page(self.lists.get((f"dataexim {named['sumber']} {named['tahun']}", ""), []), named)
        model, language = named["model"], named["lang"]
        if named["domain"] != "1808" and model != "glosarium":
            return _nothing("list-not-available")
        if parts[0] == "view":
            found = self.views.get((model, named["id"]))
            return {"status": "OK", "data-availability": "available", "data": found} if found else _nothing()
        if model == "data":
            table = self.tables.get(named["var"])
            if table and self.needs_years:
                wanted = named.get("th", "").split(";")
                years = [year for year in table["tahun"] if str(year["val"]) in wanted]
                table = {**table, "tahun": years} if years else None
            return {"status": "OK", "data-availability": "available", **table} if table else _nothing()
        return self._page(self.lists.get((model, language), []), named)

    def _page(self, rows: list[Row], named: dict[str, str]) -> Any:
        if not rows:
            return _nothing("list-not-available")
        size, page = min(self.most, int(named.get("perpage", self.most))), int(named.get("page", 1))
        shown = rows[(page - 1) * size : page * size]
        if not shown:
            return _nothing("list-not-available")
        pages = -(-len(rows) // size)
        paging = {"page": page, "pages": pages, "per_page": size, "count": len(shown), "total": len(rows)}
        return _listed(shown, paging)


def _listed(rows: list[Row] | Row, paging: Row) -> Row:
    return {"status": "OK", "data-availability": "available", "data": [paging, rows]}


def _nothing(word: str = "not-available") -> Row:
    return {"status": "OK", "data-availability": word, "data": ""}


def small_office() -> Site:
    """A site of 1808: two dynamic tables with numbers and one without, twelve static tables, and one or two of all
    the rest. Invented; only the shapes are those of BPS."""
    site = Site()
    for language, english in (("ind", False), ("eng", True)):
        site.lists["subject", language] = [
            {"sub_id": 12, "title": "Population" if english else "Kependudukan", "subcat_id": 1},
            {"sub_id": 153, "title": "Geography" if english else "Geografi", "subcat_id": 1},
        ]
        site.lists["var", language] = [
            _variable(
                31, "Population by District" if english else "Jumlah Penduduk menurut Kecamatan", "Jiwa"
            ),
            _variable(40, "Monthly Inflation" if english else "Inflasi Bulanan", "Persen"),
            _variable(50, "Paddy Harvest" if english else "Luas Panen Padi", "ha"),
        ]
        site.lists["statictable", language] = [
            {
                "table_id": number,
                "title": f"Luas Daerah menurut Kecamatan di Kabupaten Tulang Bawang, {2010 + number}",
                "subj_id": 153,
                "subj": "Geografi",
                "updt_date": f"{2011 + number}-03-05",
                "size": "0.03 MB",
                "excel": "https://tuba.bps.example/excel",
            }
            for number in range(1, 13)
        ]
        site.lists["pressrelease", language] = [
            {
                "brs_id": 90 + number,
                "subj_id": 3,
                "subj": "Inflasi",
                "title": f"Perkembangan Indeks Harga Konsumen {month} 2026",
                "abstract": "&lt;b&gt;Inflasi&lt;/b&gt;&lt;ul&gt;&lt;li&gt;0,21 persen&lt;/li&gt;&lt;/ul&gt;",
                "rl_date": f"2026-0{number}-02",
                "updt_date": None,
            }
            for number, month in ((1, "Januari"), (2, "Februari"), (3, "Maret"))
        ]
    site.lists["th", "ind"] = site.lists["th", "eng"] = [
        {"th_id": 118, "th": 2018},
        {"th_id": 124, "th": 2024},
    ]
    site.tables["31"] = population()
    site.tables["40"] = inflation()
    cells = (
        "&lt;script&gt;alert(1)&lt;/script&gt;&lt;table&gt;&lt;tr&gt;&lt;td onclick=&quot;x&quot;&gt;Menggala"
    )
    for number in range(1, 13):
        site.views["statictable", str(number)] = {
            "table_id": number,
            "sub_id": 153,
            "table": cells + "&lt;/td&gt;&lt;td&gt;344,00&amp;nbsp;km&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;",
        }
    yearbook = "a1b2c3d4e5f60718293a4b5c"
    site.lists["publication", "ind"] = [
        {
            "pub_id": yearbook,
            "title": "Kabupaten Tulang Bawang Dalam Angka 2026",
            "abstract": "Ringkasan statistik daerah.",
            "issn": "1234-5678",
            "rl_date": "2026-02-28",
            "updt_date": None,
            "pdf": "https://tuba.bps.example/pdf",
        }
    ]
    site.views["publication", yearbook] = {**site.lists["publication", "ind"][0], "kat_no": "1102001.1808"}
    site.lists["indicators", "ind"] = [
        {
            "var": 40,
            "indicator_id": 7,
            "title": "Inflasi, Maret 2026",
            "name": "Inflasi Tulang Bawang",
            "data_source": "Survei Harga Konsumen",
            "value": 0.21,
            "unit": "Persen",
            "hash_id": "NDAjMg==",
            "periode": "Maret 2026",
        }
    ]
    site.lists["sdgs", "ind"] = [
        {
            "sdgs_goal": "sdgs_1",
            "sdgs_goal_name": "1. Tanpa Kemiskinan",
            "sdgs_id": "1.2.1*",
            "var_id": 60,
            "title": "Persentase Penduduk Miskin",
            "def": "Penduduk di bawah garis kemiskinan.",
            "notes": "<p>Sumber: Susenas</p>",
            "unit": "Persen",
            "meta_var": "https://sirusa.example/indikator/1",
            "meta_activity": None,
        }
    ]
    site.lists["infographic", "ind"] = [{"inf_id": 5, "title": "Penduduk 2025", "desc": "", "category": 0}]
    site.lists["glosarium", "ind"] = [
        {"glos_id": 1, "title": "Angka Harapan Hidup", "description": "Perkiraan lama hidup.", "url": None}
    ]
    site.lists["kbli2020", "ind"] = [
        _code("01", "Pertanian Tanaman", "A"),
        _code("011", "Pertanian Tanaman Semusim", "01", "A"),
        _code("0112", "Pertanian Padi", "011", "01", "A"),
        _code("A", "Pertanian, Kehutanan dan Perikanan"),
    ]
    site.lists["simdasi 23", ""] = [
        {
            "id_tabel": "VGFiZWwx",
            "kode_tabel": "2.1.1",
            "judul": "Jumlah Anggota DPRD menurut Kecamatan",
            "judul_en": "Members of the Regional Parliament by District",
            "bab": "Pemerintahan",
            "ketersediaan_tahun": [2021, 2022, 2023],
        }
    ]
    for year in (2022, 2023):
        site.views["simdasi VGFiZWwx", str(year)] = councillors(year)
    site.lists["sensus 39", ""] = [{"id": 91700, "kode_mfd": "1808", "nama": "TULANG BAWANG", "slug": "7"}]
    site.lists["sensus 41 1", "1808"] = [
        _counted(age, sex, number)
        for number, (age, sex) in enumerate(product(("0-14", "15-64", "65+"), "LP"), start=1000)
    ]
    site.lists["sensus 37", ""] = [
        {"id": "sp2020", "kegiatan": "Sensus Penduduk 2020", "tahun_kegiatan": 2020}
    ]
    site.lists["sensus 38", ""] = [{"id": 9, "topik": "Penduduk", "id_kegiatan": "sp2020"}]
    site.lists["sensus 40", ""] = [
        {"id": 1, "id_topik": 9, "topik": "Penduduk", "nama": "Penduduk menurut Umur", "deskripsi": None}
    ]
    site.lists["dataexim 1 2024", ""] = [
        {"value": 10.5, "netweight": 2.0, "kodehs": "09", "pod": "Panjang", "ctr": "Jepang", "tahun": "2024"},
        {"value": 1.5, "netweight": 1.0, "kodehs": "09", "pod": "Panjang", "ctr": "Cina", "tahun": "2024"},
    ]
    return site


def _variable(number: int, title: str, unit: str) -> Row:
    return {
        "var_id": number,
        "title": title,
        "sub_id": 12,
        "sub_name": "",
        "subcsa_name": "Sosial",
        "def": "",
        "notes": "&lt;p&gt;Catatan.&lt;/p&gt;",
        "vertical": 1,
        "unit": unit,
        "turth": 0,
        "turvar": 0,
    }


def _code(code: str, title: str, *above: str) -> Row:
    return {
        "_id": f"kbli_2020_{code}",
        "_source": {
            "jenis": "kbli2020",
            "id": f"kbli_2020_{code}",
            "judul": f"[{code}] {title}",
            "deskripsi": f"Mencakup {title.lower()}.",
            "tgl_rilis": "2020-09-15",
            "url": f"https://klasifikasi.example/{code}",
            "sebelumnya": [{"kode": each, "judul": ""} for each in above],
            "tags": ["pertanian"],
        },
    }


def councillors(year: int) -> Row:
    """A year of a table of SIMDASI as programs that read it know it; Gedung Aji has none."""
    rows = [
        {
            "label": name,
            "label_raw": name,
            "kode_wilayah": str(code),
            "variables": {
                f"a{year}": {"value": f"{place + year % 10}", "value_raw": str(place + year % 10)},
                f"b{year}": {"value": "-", "value_raw": None, "value_code": "-"},
            },
        }
        for place, (code, name) in enumerate(DISTRICTS[:2])
    ]
    columns = {f"a{year}": ("Laki-laki", "Male"), f"b{year}": ("Perempuan", "Female")}
    return {
        "status": 200,
        "condition": "OK",
        "message": "-",
        "kolom": {
            number: {"nama_variabel": own, "nama_variabel_en": english, "satuan": "Orang", "tipe": "angka"}
            for number, (own, english) in columns.items()
        },
        "keterangan_data": {"-": "Tidak ada"},
        "data": rows,
    }


def _counted(age: str, sex: str, number: int) -> Row:
    found: Row = {
        "id_wilayah": "7",
        "kode_wilayah": "1808",
        "nama_wilayah": "TULANG BAWANG",
        "id_indikator": "i1",
        "nama_indikator": "Jumlah Penduduk",
        "period": "2020",
        "nilai": f"{number}.0",
    }
    items = [("Kelompok Umur", age, age), ("Jenis Kelamin", sex, {"L": "Laki-laki", "P": "Perempuan"}[sex])]
    for place in (1, 2, 3):
        name, code, label = items[place - 1] if place <= len(items) else ("", "", "")
        found |= {
            f"nama_kategori_{place}": name,
            f"kode_item_kategori_{place}": code,
            f"nama_item__kategori_{place}": label,
        }
    return found


def population() -> Row:
    """By district and sex, two years; Gedung Aji has no datum for 2025, and one is told as dots."""
    columns = [(1, "Laki-laki"), (2, "Perempuan")]
    content: Row = {}
    for row, (district, _name) in enumerate(DISTRICTS):
        for column, _label in columns:
            for year in (124, 125):
                content[f"{district}31{column}{year}0"] = 1000 * (row + 1) + column + year
    del content["18080303121250"]
    content["18080103111240"] = "..."
    return {
        "var": [{"val": 31, "label": "Jumlah Penduduk", "unit": "Jiwa", "subj": "Kependudukan", "note": ""}],
        "turvar": [{"val": number, "label": label} for number, label in columns],
        "labelvervar": "Kecamatan",
        "vervar": [{"val": code, "label": name} for code, name in DISTRICTS],
        "tahun": [{"val": 124, "label": "2024"}, {"val": 125, "label": "2025"}],
        "turtahun": [{"val": 0, "label": "Tahun"}],
        "datacontent": content,
    }


def inflation() -> Row:
    """By month, for the regency as a whole."""
    months = ["Januari", "Februari", "Maret"]
    return {
        "var": [{"val": 40, "label": "Inflasi", "unit": "Persen", "subj": "Inflasi", "note": "Tahun dasar."}],
        "turvar": [{"val": 0, "label": "Tidak Ada"}],
        "labelvervar": "Kabupaten/Kota",
        "vervar": [{"val": 1808, "label": "Tulang Bawang"}],
        "tahun": [{"val": 126, "label": "2026"}],
        "turtahun": [{"val": number, "label": month} for number, month in enumerate(months, start=1)],
        "datacontent": {"18084001261": 0.5, "18084001262": -0.1, "18084001263": 0.21},
    }


class _Request(server.Request):
    def do_GET(self) -> None:
        site: Site = self.simulated
        path = unquote(self.path)
        site.asked.append(path)
        site.agents.add(self.headers["User-Agent"])
        fault = next((each for each in site.faults if each.times and each.where in path), None)
        if fault:
            fault.times -= 1
        kind = fault.kind if fault else ""
        if fault and kind == "slow":
            time.sleep(fault.seconds)
        if kind in {"500", "404", "403", "429"}:
            after = {"Retry-After": f"{fault.seconds or 7:.0f}"} if fault and kind == "429" else {}
            self.answer(int(kind), b"{}", after)
        elif kind == "html":
            self.answer(200, b"<!DOCTYPE html><title>Web Application Firewall</title>")
        elif kind == "hangup":
            self.close_connection = True
        elif kind == "error":
            self.answer(200, b'{"status": "Error", "message": "There is something wrong!"}')
        else:
            words = json.dumps(_spoilt(site, path, fault)).encode()
            self.answer(200, words[: len(words) // 2] if kind == "half" else words)


def _spoilt(site: Site, path: str, fault: Fault | None) -> Any:
    if fault and fault.kind == "same page":
        page = next(part for part in path.split("page/")[1].split("/"))
        answer = site.answer(path.replace(f"page/{page}/", "page/1/"))
        answer["data"][0]["pages"] = 99
        return answer
    answer = site.answer(path)
    if fault and fault.kind == "count":
        answer["data"][0]["total"] += 5
    if fault and fault.kind == "without":
        rows = answer["data"][1]
        answer["data"][1] = [{name: row[name] for name in row if name != fault.field} for row in rows]
    if fault and fault.kind == "shape":
        answer["data"] = {"rows": answer["data"]}
    return answer


def serve(site: Site | None = None) -> AbstractContextManager[Site]:
    """The WebAPI on a free port, until the end of the block; `origin` is what SAPA_WEBAPI would be."""
    return server.serve(site or small_office(), _Request)
