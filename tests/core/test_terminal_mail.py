"""What the terminal shows of a mail where no mail server is set."""

import io

from django.core.mail import EmailMultiAlternatives, get_connection

BACKEND = "sapa.core.terminal_mail.EmailBackend"
TEXT = """Halo,


Ketik kode ini:

A1B2C3
https://sapa.example/masuk/?a=1&b=2

--\x20
Hentikan email ini: https://sapa.example/berhenti/
"""


def shown(message: EmailMultiAlternatives) -> str:
    stream = io.StringIO()
    get_connection(BACKEND, stream=stream).send_messages([message])
    return stream.getvalue()


def test_it_is_to_subject_text_and_link_and_nothing_else() -> None:
    message = EmailMultiAlternatives("Kode\tmasuk", TEXT, "Sapa <sapa@localhost>", ["ani@contoh.example"])
    message.attach_alternative("<p>Halo</p>", "text/html")
    message.attach("undangan.ics", "BEGIN:VCALENDAR", "text/calendar")
    assert shown(message).rstrip("-").strip("\n").splitlines() == [
        "@ ani@contoh.example: Kode masuk",
        "    Halo,",
        "",
        "    Ketik kode ini:",
        "",
        "    A1B2C3",
        "    https://sapa.example/masuk/?a=1&b=2",
    ]


def test_a_mail_without_words_is_one_line() -> None:
    assert shown(EmailMultiAlternatives("Kosong", "", to=["a@x.example", "b@x.example"])).split("\n") == [
        "",
        "@ a@x.example, b@x.example: Kosong",
        "",
        "",
    ]
