"""What the online clients of the demonstration ask, and what the office writes back.

No figures: an answer says where the number stands, as an officer would, and the demonstration invents none.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Question:
    """A question as a client types it; `search` is what was looked for before, `source` the entry that answers."""

    subject: str
    question: str
    search: str
    source: str
    answer: str = ""
    area: str = "Kabupaten Tulang Bawang"
    years: tuple[int | None, int | None] = (2021, 2025)
    level: str = "regency"
    purpose: str = "research"


POPULATION: Final = Question(
    "Jumlah penduduk per kecamatan, 2021–2025",
    "Saya menyusun profil kecamatan untuk laporan magang. Di mana saya dapat jumlah penduduk tiap kecamatan selama lima"
    " tahun terakhir, dan apakah angka itu sama dengan data Dukcapil?",
    "penduduk kecamatan",
    "Jumlah Penduduk menurut Kecamatan",
    "Tabelnya ada di situs kami, per kecamatan dan per tahun; alamatnya saya cantumkan di bawah.\n\n"
    "Angka itu proyeksi hasil Sensus Penduduk 2020. Dukcapil menghitung dokumen kependudukan, kami menghitung siapa"
    " yang menetap, jadi keduanya wajar berbeda. Untuk profil kecamatan, pakailah satu sumber saja"
    " dan sebutkan yang mana.",
    level="district",
    purpose="school_work",
)
AGE_GROUPS: Final = Question(
    "Penduduk umur 60 tahun ke atas menurut jenis kelamin",
    "Untuk rencana posyandu lansia kami memerlukan jumlah penduduk umur 60+ menurut jenis kelamin.",
    "lansia",
    "Jumlah Penduduk menurut Kelompok Umur",
    "Silakan pakai tabel penduduk menurut kelompok umur dan jenis kelamin, lalu jumlahkan kelompok 60–64 sampai 75+."
    " Rincian per desa tidak tersedia dari proyeksi.",
    purpose="government",
)
POVERTY: Final = Question(
    "Garis kemiskinan dan persentase penduduk miskin",
    "Skripsi saya tentang kemiskinan di Tulang Bawang. Saya perlu garis kemiskinan dan P0 per tahun, dan kalau ada, per"
    " kecamatan.",
    "kemiskinan",
    "Kemiskinan",
    "Garis kemiskinan dan persentase penduduk miskin tersedia per tahun untuk kabupaten, dari Susenas bulan Maret.\n\n"
    "Per kecamatan **tidak** tersedia: contoh Susenas hanya cukup untuk tingkat kabupaten. Untuk gambaran per"
    " kecamatan, sebagian peneliti memakai Podes.",
)
GRDP: Final = Question(
    "PDRB menurut lapangan usaha, harga berlaku dan konstan",
    "Kami menyusun bab ekonomi RKPD dan memerlukan PDRB menurut lapangan usaha, atas dasar harga berlaku dan konstan.",
    "PDRB lapangan usaha",
    "PDRB Kabupaten Tulang Bawang",
    "Kedua tabel PDRB ada di situs kami. Tahun dasarnya 2010. Untuk membandingkan antarwaktu, pakailah harga konstan;"
    " harga berlaku untuk melihat susunan ekonomi.",
    purpose="government",
)
RICE: Final = Question(
    "Luas panen dan produksi padi",
    "Apakah ada luas panen dan produksi padi per kecamatan untuk tiga tahun terakhir?",
    "padi",
    "Padi",
    "Tingkat kabupaten tersedia dari survei KSA. Per kecamatan kami tidak menerbitkannya; Dinas Pertanian memegang"
    " catatan administrasinya.",
    years=(2023, 2025),
    purpose="commercial",
)
SCHOOLING: Final = Question(
    "Rata-rata lama sekolah dan harapan lama sekolah",
    "Saya perlu dua angka pendidikan penyusun IPM itu untuk makalah, beserta artinya.",
    "lama sekolah",
    "Indeks Pembangunan Manusia",
    "Keduanya ada di tabel IPM menurut komponen. *Rata-rata* lama sekolah adalah yang sudah ditempuh penduduk 25 tahun"
    " ke atas; *harapan* lama sekolah adalah yang diperkirakan ditempuh anak umur 7 tahun.",
    purpose="school_work",
)
UNEMPLOYMENT: Final = Question(
    "Tingkat pengangguran terbuka menurut pendidikan",
    "Apakah TPT kabupaten dirinci menurut pendidikan tertinggi?",
    "pengangguran",
    "Tingkat Pengangguran Terbuka",
    "Sakernas Agustus memuat TPT kabupaten; rincian menurut pendidikan tersedia untuk provinsi. Untuk kabupaten"
    " galatnya terlalu besar sehingga tidak kami terbitkan.",
)
PROVINCE: Final = Question(
    "Nilai tukar petani se-Provinsi Lampung menurut subsektor",
    "Saya memerlukan NTP menurut subsektor untuk seluruh kabupaten di Lampung.",
    "nilai tukar petani",
    "Nilai Tukar Petani",
    area="Provinsi Lampung",
    level="province",
)
MICRODATA: Final = Question(
    "Cara memperoleh data mikro Susenas",
    "Dosen pembimbing meminta saya memakai data mikro Susenas. Bagaimana caranya dan apakah berbayar?",
    "data mikro susenas",
    "Susenas",
    "Data mikro dipesan melalui Silastik. Mahasiswa dapat memperolehnya tanpa biaya dengan surat dari kampus; caranya"
    " saya jelaskan bila diperlukan lewat pertemuan video.",
)
BRIEF: Final = Question(
    "Data UMKM",
    "Minta data UMKM.",
    "umkm",
    "Industri",
    area="",
    years=(None, None),
    level="",
    purpose="commercial",
)
PRICES: Final = Question(
    "Inflasi dan harga kebutuhan pokok",
    "Apakah BPS mencatat harga kebutuhan pokok di Menggala? Kami ingin membandingkan harga beli kami.",
    "inflasi",
    "Inflasi",
    "Inflasi dihitung di kota yang disurvei, dan Menggala bukan salah satunya. Yang terdekat adalah Bandar Lampung dan"
    " Metro. Harga harian pasar Menggala dicatat Dinas Perdagangan.",
    purpose="commercial",
    area="Menggala",
)
VILLAGES: Final = Question(
    "Jumlah kampung menurut ketersediaan puskesmas pembantu",
    "Kami ingin memetakan kampung yang belum memiliki puskesmas pembantu.",
    "kampung kesehatan",
    "Podes",
    "Podes memuat fasilitas kesehatan tiap kampung; ringkasannya ada di Kecamatan Dalam Angka.",
    level="village",
    purpose="government",
)
TOURISM: Final = Question(
    "Jumlah kamar hotel dan tamu menginap",
    "Ada data kamar hotel dan jumlah tamu menginap per tahun?",
    "hotel",
    "Hotel",
    "Jumlah akomodasi dan kamar ada di Kabupaten Dalam Angka, bab Pariwisata. Tingkat hunian hanya tersedia untuk"
    " provinsi.",
    purpose="commercial",
)
SHORT_AREA: Final = Question(
    "Kepadatan penduduk kecamatan",
    "Berapa kepadatan penduduk di kecamatan saya?",
    "kepadatan",
    "Kepadatan Penduduk menurut Kecamatan",
    "Kepadatan tiap kecamatan ada di tabel yang saya cantumkan: jumlah penduduk dibagi luas daratan.",
    area="",
    level="district",
    purpose="school_work",
)
LABOUR: Final = Question(
    "Penduduk bekerja menurut lapangan pekerjaan utama",
    "Untuk proposal usaha saya perlu jumlah penduduk bekerja menurut lapangan pekerjaan utama.",
    "penduduk bekerja",
    "Penduduk Bekerja",
    "Sakernas Agustus memuatnya untuk kabupaten menurut tiga kelompok besar: pertanian, industri, jasa.",
    purpose="commercial",
)

CANNED: Final = (
    (
        "Salam pembuka",
        "Yth. {nama}, terima kasih telah bertanya kepada {kantor}. Pertanyaan Anda tercatat dengan nomor {nomor}.",
    ),
    (
        "Data mikro lewat Silastik",
        "Data mikro tidak dikirim lewat percakapan. Silakan pesan di Silastik; mahasiswa dapat memperolehnya tanpa"
        " biaya dengan surat dari kampus.",
    ),
    (
        "Tidak tersedia per desa",
        "Data itu berasal dari survei yang contohnya hanya cukup untuk tingkat kabupaten. Karena itu angka per desa"
        " atau kecamatan tidak kami terbitkan.\n\nSalam, {petugas}",
    ),
)
