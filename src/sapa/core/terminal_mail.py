"""Mails on the terminal, where no mail server is set: to whom, about what, and the words, for whoever tries it."""

from typing import Final

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend as Console

# RFC 3676 section 4.3: what follows is the same under every mail.
SIGNATURE: Final = "\n-- \n"


class EmailBackend(Console):
    """Writes the text part of each mail, without its signature. HTML, headers and attachments stay away."""

    def write_message(self, message: EmailMessage) -> None:
        self.stream.write(readable(message))


def readable(message: EmailMessage) -> str:
    """`To: about what` and the indented text, with one empty line where there were several."""
    text = str(message.body).split(SIGNATURE)[0]
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or lines[-1]:
            lines.append(f"    {line.rstrip()}" if line.strip() else "")
    subject = " ".join(str(message.subject).split())
    return "\n".join(["", f"@ {', '.join(message.recipients())}: {subject}", *lines, "", ""])
