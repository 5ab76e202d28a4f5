"""Telephone numbers, e-mail addresses, names: one written form, and a masked one for confirming who it is.

Nothing here talks to a network: an address that looks right may still not exist.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DOT: Final = "•"
LONGEST_PHONE: Final = 40
LONGEST_KEY: Final = 160
SHORTEST_NATIONAL: Final = 7
LEAST_HIDDEN: Final = 4
SHORTEST_WITH_BOTH_ENDS: Final = 4
# E.164: at most 15 digits, country code included. Below eight it is a short code, not a subscriber.
FOREIGN: Final = re.compile(r"[1-9][0-9]{7,14}")
# Without the zero: mobile numbers are 8 and eight to eleven digits, landlines seven to eleven digits in all.
INDONESIAN: Final = re.compile(r"8[1-9][0-9]{7,10}|[2-7][0-9]{6,10}|9[0-9]{6,10}")
# Providers with so many users that naming them tells nothing about a person.
COMMON_DOMAINS: Final = frozenset(
    {"gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.id", "ymail.com", "hotmail.com", "outlook.com"}
    | {"live.com", "icloud.com", "bps.go.id"}
)
SECOND_LEVEL: Final = frozenset(
    {"ac", "biz", "co", "com", "desa", "go", "mil", "my", "net", "or", "org", "sch", "web"}
)


class BadContact(ValueError):
    """What was typed is no number or address. `message` is for the person who typed it, with a way out."""

    def __init__(self, message: StrOrPromise) -> None:
        super().__init__("bad contact")
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


def normalise_phone(text: str) -> str | None:
    """The number in E.164 (+62...), None for nothing typed; BadContact with a sentence for anything else.

    A number without a country code is Indonesian: 0812..., 62812... and 812... are the same one.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    if not typed:
        return None
    if len(typed) > LONGEST_PHONE or not re.fullmatch(r"\+?[0-9\s().\-/‐-―]*", typed):
        raise BadContact(_("Type the telephone number in digits only, for example 0812 3456 7890."))
    digits = re.sub(r"[^0-9]", "", typed)
    international = typed.startswith("+") or digits.startswith("00")
    if international:
        digits = digits.removeprefix("00")
        if not digits.startswith("62"):
            return _foreign(digits)
    # +62 (0)812 is a habit of letterheads: the zero is dialled only inside the country.
    without_country = digits.removeprefix("62").removeprefix("0")
    if international or (digits.startswith("62") and INDONESIAN.fullmatch(without_country)):
        national = without_country
    else:
        national = digits.removeprefix("0")
    if len(national) < SHORTEST_NATIONAL:
        raise BadContact(_("The telephone number is too short. Type it in full, for example 0812 3456 7890."))
    if not INDONESIAN.fullmatch(national):
        raise BadContact(_("This is not an Indonesian number. Check it, or begin a foreign number with +."))
    return f"+62{national}"


def _foreign(digits: str) -> str:
    if not FOREIGN.fullmatch(digits):
        raise BadContact(
            _("Type the foreign number in full with its country code, for example +60 12 345 6789.")
        )
    return f"+{digits}"


def normalise_email(text: str) -> str | None:
    """The address in small letters, None for nothing typed; BadContact with a sentence otherwise.

    Providers in use do not tell capitals apart; keeping them would make two clients of one person.
    """
    typed = unicodedata.normalize("NFKC", text).strip().lower()
    if not typed:
        return None
    if "@" not in typed:
        raise BadContact(_("The @ is missing. Type the e-mail address like name@example.com."))
    if "," in typed or re.search(r"\s", typed):
        raise BadContact(_("Type one e-mail address without spaces or commas, like name@example.com."))
    try:
        _is_email(typed)
    except ValidationError as wrong:
        raise BadContact(
            _("This is not a complete e-mail address. Type it like name@example.com.")
        ) from wrong
    return typed


_is_email = EmailValidator(allowlist=[])


def mask_email(email: str) -> str:
    """The address for "is this you?": first and last letter of the name, a domain only when common.

    Of a name under four letters only the first is shown, of a single letter none; of other domains the
    first letter of each part and the ending. budi.santoso@gmail.com becomes b••••••••••o@gmail.com.
    """
    local, _at, domain = email.strip().rpartition("@")
    if not local:
        return DOT * len(domain)
    if len(local) < SHORTEST_WITH_BOTH_ENDS:
        name = _first_and_dots(local) if len(local) > 1 else DOT
    else:
        name = f"{local[0]}{DOT * (len(local) - 2)}{local[-1]}"
    return f"{name}@{domain if domain in COMMON_DOMAINS else _mask_domain(domain)}"


def mask_phone(phone: str) -> str:
    """The number for "is this you?": at most the first three and the last four digits, always four hidden.

    Of a foreign number the first two digits and the last four. +6281234567890 becomes +62 812 •••• 7890.
    """
    digits = re.sub(r"[^0-9]", "", phone)
    indonesian = digits.startswith("62")
    rest = digits[2:]
    head = rest[:3] if indonesian else ""
    tail_length = max(0, min(4, len(rest) - len(head) - LEAST_HIDDEN))
    hidden = len(rest) - len(head) - tail_length
    if hidden < LEAST_HIDDEN:
        return DOT * len(digits)
    tail = rest[len(rest) - tail_length :]
    return " ".join(part for part in (f"+{digits[:2]}", head, DOT * hidden, tail) if part)


def mask_name(name: str) -> str:
    """The name for "is this you?": the first letter of each word. Budi Santoso becomes B••• S••••••."""
    written = unicodedata.normalize("NFC", name)
    visible = "".join(each for each in written if unicodedata.category(each) not in ("Cf", "Mn", "Cc"))
    return " ".join(_first_and_dots(word) for word in visible.split())


def _first_and_dots(word: str) -> str:
    return word[:1] + DOT * (len(word) - 1)


def _mask_domain(domain: str) -> str:
    labels = domain.split(".")
    ending = 2 if len(labels) > 2 and labels[-2] in SECOND_LEVEL else 1
    return ".".join([*(_first_and_dots(each) for each in labels[:-ending]), *labels[-ending:]])


# Spellings of one word that visitors use side by side. None appears on the right-hand side: the key of a key
# is itself.
_SPELLINGS: Final = {
    "univ": "universitas",
    "inst": "institut",
    "politek": "politeknik",
    "poltek": "politeknik",
    "fak": "fakultas",
    "din": "dinas",
    "dinkes": "dinas kesehatan",
    "disdik": "dinas pendidikan",
    "diskominfo": "dinas komunikasi dan informatika",
    "disdukcapil": "dinas kependudukan dan pencatatan sipil",
    "bapeda": "bappeda",
    "bps": "badan pusat statistik",
    "kab": "kabupaten",
    "prov": "provinsi",
    "prop": "provinsi",
    "propinsi": "provinsi",
    "kec": "kecamatan",
    "kel": "kelurahan",
    "ds": "desa",
    "kem": "kementerian",
    "kementrian": "kementerian",
    "pemkab": "pemerintah kabupaten",
    "pemkot": "pemerintah kota",
    "pemprov": "pemerintah provinsi",
    "pemda": "pemerintah daerah",
    "sman": "sma negeri",
    "smpn": "smp negeri",
    "smkn": "smk negeri",
    "sdn": "sd negeri",
    "rs": "rumah sakit",
    "rsud": "rumah sakit umum daerah",
    "and": "dan",
}
# How a company is incorporated says nothing about which one it is, and half of the visitors leave it out.
_LEGAL_FORMS: Final = frozenset({"pt", "cv", "tbk", "persero", "ud"})


def institution_key(name: str) -> str:
    """One key for the spellings of an institution: capitals, punctuation, abbreviations, PT and CV.

    "Univ. Lampung" and "UNIVERSITAS LAMPUNG" get the same key. The key of a key is itself; empty for a name
    without letters or digits; at most 160 characters. It groups, it is never shown.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    plain = "".join(each for each in plain if unicodedata.category(each) != "Mn").replace("&", " dan ")
    # S.M.A. and P.T. are one word each.
    plain = re.sub(r"\b(?:[^\W\d_]\.){2,}", lambda found: found[0].replace(".", "") + " ", plain)
    words = re.findall(r"[^\W_]+", plain)
    telling = [word for word in words if word not in _LEGAL_FORMS] or words
    spelled = " ".join(_SPELLINGS.get(word, word) for word in telling)
    if len(spelled) <= LONGEST_KEY:
        return spelled
    return spelled[:LONGEST_KEY].rpartition(" ")[0] or spelled[:LONGEST_KEY]
