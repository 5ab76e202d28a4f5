"""What the visitors of the demonstration ask, and what a good answer cites (domain.md 9.2).

No figures: an answer says where the number stands, as an officer would, and the demonstration invents none.
"""

from dataclasses import dataclass
from typing import TypeAlias

from sapa.consultations.models import DataNeed

Level: TypeAlias = DataNeed.Level
Frequency: TypeAlias = DataNeed.Frequency
Outcome: TypeAlias = DataNeed.Outcome
Kind: TypeAlias = DataNeed.SourceKind
SITE = "https://tulangbawangkab.bps.go.id/"


@dataclass(frozen=True, slots=True)
class Matter:
    """One question as a visitor words it, the officer's answer, its source and the data need behind it."""

    subject: str
    answer: str
    source: str
    service: str = "consultation"
    level: Level = Level.REGENCY
    frequency: Frequency = Frequency.YEARLY
    outcome: Outcome = Outcome.MATCHING
    kind: Kind = Kind.WEB_TABLE
    years: tuple[int, int] = (2021, 2025)
    refers_to: str = ""


MATTERS = (
    Matter(
        "Jumlah penduduk per kecamatan, lima tahun terakhir",
        "Tersedia per kecamatan di Kabupaten Dalam Angka, bab Penduduk. Angka tahun berjalan adalah proyeksi"
        " dari SP2020; sudah dijelaskan bedanya dengan data Dukcapil.",
        "Kabupaten Tulang Bawang Dalam Angka",
        level=Level.DISTRICT,
        kind=Kind.PUBLICATION,
    ),
    Matter(
        "Data lansia umur 60+ menurut jenis kelamin",
        "Tabel penduduk menurut kelompok umur dan jenis kelamin; kelompok 60+ dijumlahkan dari tabel. Rincian per desa"
        " tidak tersedia.",
        "Jumlah Penduduk Menurut Kelompok Umur dan Jenis Kelamin",
    ),
    Matter(
        "Data kemiskinan kabupaten untuk skripsi, lima tahun terakhir",
        "Persentase dan jumlah penduduk miskin serta garis kemiskinan per tahun (Susenas Maret). Data per kecamatan"
        " tidak dihitung dari Susenas.",
        "Persentase Penduduk Miskin (P0) Menurut Kabupaten/Kota",
    ),
    Matter(
        "Apa beda P0, P1, dan P2?",
        "Dijelaskan dengan metadata indikator: P0 persentase, P1 kedalaman, P2 keparahan kemiskinan.",
        "Metadata indikator kemiskinan (SIRuSa)",
        kind=Kind.WEB_TABLE,
    ),
    Matter(
        "IPM terbaru dan komponennya",
        "IPM beserta UHH, HLS, RLS, dan pengeluaran per kapita. Dicatat bahwa seri baru memakai hasil"
        " Long Form SP2020.",
        "Indeks Pembangunan Manusia Menurut Komponen",
    ),
    Matter(
        "Tingkat pengangguran terbuka (TPT) Agustus",
        "TPT kabupaten hanya dari Sakernas Agustus. Rumusnya ditunjukkan: penganggur dibagi angkatan kerja kali 100.",
        "Keadaan Angkatan Kerja Kabupaten Tulang Bawang",
        kind=Kind.PUBLICATION,
    ),
    Matter(
        "PDRB ADHB dan ADHK menurut lapangan usaha 2020–2024",
        "Tabel PDRB atas dasar harga berlaku dan konstan 2010. Tanda * angka sementara, ** sangat sementara.",
        "PDRB Kabupaten Tulang Bawang Menurut Lapangan Usaha",
        kind=Kind.PUBLICATION,
        years=(2020, 2024),
    ),
    Matter(
        "Kontribusi pertanian terhadap PDRB, untuk bahan RKPD",
        "Distribusi PDRB ADHB kategori A. Diberi catatan cara membaca harga berlaku dan konstan.",
        "Distribusi PDRB Menurut Lapangan Usaha",
    ),
    Matter(
        "Kenapa inflasi Tulang Bawang tidak ada?",
        "Inflasi dihitung untuk kota IHK saja. Ditunjukkan kota IHK terdekat dan cakupannya.",
        "Berita Resmi Statistik: Perkembangan Indeks Harga Konsumen",
        frequency=Frequency.MONTHLY,
        outcome=Outcome.NOT_OBTAINED,
        level=Level.PROVINCE,
    ),
    Matter(
        "Produksi kelapa sawit perkebunan rakyat dan perusahaan",
        "Tabel perkebunan di Kabupaten Dalam Angka, dengan instansi sumbernya.",
        "Kabupaten Tulang Bawang Dalam Angka",
        kind=Kind.PUBLICATION,
    ),
    Matter(
        "Hasil Sensus Pertanian 2023: jumlah petani milenial",
        "Tabel ST2023 Tahap I. Konsep petani milenial 19–39 tahun dijelaskan.",
        "Hasil Pencacahan Lengkap Sensus Pertanian 2023",
        frequency=Frequency.TEN_YEARLY,
        years=(2023, 2023),
    ),
    Matter(
        "Data UMKM per kecamatan",
        "Data terbaru ada di dinas yang membidangi koperasi; definisi BPS (tenaga kerja) dan undang-undang (aset)"
        " dibedakan. Pengguna dirujuk ke dinas.",
        "Sensus Ekonomi 2016: Hasil Pendaftaran Usaha",
        level=Level.DISTRICT,
        outcome=Outcome.NOT_MATCHING,
        years=(2016, 2016),
    ),
    Matter(
        "Kode KBLI untuk usaha katering",
        "KBLI 2020: 56210 untuk acara tertentu, 56290 untuk katering berkala. Urusan izin tetap ke OSS.",
        "Klasifikasi Baku Lapangan Usaha Indonesia (KBLI) 2020",
        kind=Kind.PUBLICATION,
    ),
    Matter(
        "KBLI penatu (laundri kiloan), yang 2020 dan yang 2025",
        "KBLI 2020: 96200. KBLI 2025: 96100. Tabel kesesuaiannya ditunjukkan.",
        "Klasifikasi Baku Lapangan Usaha Indonesia (KBLI) 2025",
        kind=Kind.PUBLICATION,
    ),
    Matter(
        "Luas lahan sawah dan produksi padi per kecamatan",
        "Luas lahan baku sawah menurut keputusan ATR/BPN ada di Dalam Angka; produksi padi dari KSA hanya"
        " tingkat kabupaten.",
        "Luas Panen dan Produksi Padi (KSA)",
        outcome=Outcome.NOT_MATCHING,
    ),
    Matter(
        "Jumlah rumah tangga per desa",
        "Ada di Kecamatan Dalam Angka. Rumah tangga (BPS) berbeda dari kartu keluarga (Dukcapil).",
        "Kecamatan Dalam Angka",
        level=Level.VILLAGE,
        kind=Kind.PUBLICATION,
        refers_to="library",
    ),
    Matter(
        "Gini rasio Lampung dan kabupaten",
        "Gini rasio terbit tingkat provinsi (Maret dan September); kabupaten hanya angka tahunan.",
        "Gini Ratio Menurut Provinsi",
        level=Level.PROVINCE,
        frequency=Frequency.HALF_YEARLY,
    ),
    Matter(
        "Kapan data 2025 terbit?",
        "Ditunjukkan kalender rilis; belum terbit, tanggal rilis dicatatkan untuk pengguna.",
        "Kalender rilis (Advance Release Calendar)",
        outcome=Outcome.NOT_YET,
    ),
    Matter(
        "Keluarga saya desil berapa? Kenapa tidak dapat bantuan?",
        "Dijelaskan bahwa BPS tidak menetapkan penerima bantuan; desil dicek lewat kanal Kemensos atau dinas sosial.",
        "Data Tunggal Sosial dan Ekonomi Nasional: tanya jawab",
        service="dtsen",
        level=Level.INDIVIDUAL,
        outcome=Outcome.NOT_OBTAINED,
    ),
    Matter(
        "Membaca publikasi Kecamatan Dalam Angka tahun lama",
        "Publikasi dicarikan di rak dan di perpustakaan digital.",
        "Perpustakaan BPS Kabupaten Tulang Bawang",
        service="library",
        kind=Kind.PUBLICATION,
    ),
    Matter(
        "Peta digital batas desa (shp) untuk penelitian",
        "Peta wilayah kerja statistik bukan batas hukum. Dijelaskan cara memesan dan syaratnya.",
        "Peta Digital Wilayah Kerja Statistik",
        service="sales",
        kind=Kind.MAP,
        level=Level.VILLAGE,
    ),
    Matter(
        "Rekomendasi kegiatan survei kepuasan pasar oleh dinas",
        "Dibantu mengisi rancangan kegiatan di Romantik; notifikasi paling lama 30 hari kerja setelah lengkap.",
        "Panduan Rekomendasi Kegiatan Statistik (Romantik)",
        service="recommendation",
        outcome=Outcome.NOT_YET,
    ),
)
ERRANDS = (
    "Mengantar surat undangan rapat koordinasi",
    "Bertemu Kepala Subbagian Umum",
    "Meminta surat keterangan selesai penelitian",
    "Mengambil berkas kerja sama",
)
COMMENTS = (
    "Petugasnya ramah dan penjelasannya mudah dipahami.",
    "Cepat dilayani. Terima kasih.",
    "Datanya lengkap, semoga data per desa ditambah.",
    "Ruang tunggu nyaman, tetapi parkirnya sempit.",
    "",
    "",
    "",
    "Sangat membantu skripsi saya.",
    "Antreannya agak lama hari ini.",
)
