"""An SDMX service with two data flows and two code lists of its own, in SDMX-ML 2.1."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final

from tests.simulators import server

_SCHEMAS: Final = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
_MESSAGE: Final = f"""<?xml version="1.0" encoding="UTF-8"?>
<mes:Structure xmlns:mes="{_SCHEMAS}/message" xmlns:str="{_SCHEMAS}/structure" xmlns:com="{_SCHEMAS}/common">
<mes:Header><mes:ID>S1</mes:ID><mes:Test>false</mes:Test><mes:Prepared>2026-11-02T03:04:05</mes:Prepared>
<mes:Sender id="CONTOH"/></mes:Header><mes:Structures>%s</mes:Structures></mes:Structure>"""


def name(text: str, language: str = "id") -> str:
    return f'<com:Name xml:lang="{language}">{text}</com:Name>'


FLOWS: Final = (
    f'<str:Dataflow id="DF_IHK" agencyID="CONTOH" version="1.0">{name("Indeks harga konsumen")}'
    f'{name("Consumer price index", "en")}<com:Description xml:lang="id">Bulanan.</com:Description></str:Dataflow>',
    f'<str:Dataflow id="DF_GDP" agencyID="CONTOH" version="2.1">{name("Gross domestic product", "en")}</str:Dataflow>',
)
LISTS: Final = (
    f'<str:Codelist id="CL_FREQ" agencyID="CONTOH" version="1.0">{name("Frekuensi")}'
    f'<str:Code id="A">{name("Tahunan")}</str:Code><str:Code id="M">{name("Bulanan")}</str:Code></str:Codelist>',
    f'<str:Codelist id="CL_KBLI" agencyID="CONTOH" version="2020">{name("Lapangan usaha")}'
    f'<str:Code id="I">{name("Akomodasi")}</str:Code><str:Code id="56">{name("Makan minum")}'
    '<str:Parent><Ref id="I"/></str:Parent></str:Code></str:Codelist>',
)


@dataclass
class Service:
    """`answers`: other bodies for "dataflow" or "codelist"; None is answered by 404."""

    origin: str = ""
    flows: list[str] = field(default_factory=lambda: list(FLOWS))
    answers: dict[str, bytes | None] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def told(self, resource: str) -> bytes | None:
        if resource in self.answers:
            return self.answers[resource]
        kind, things = ("Dataflows", self.flows) if resource == "dataflow" else ("Codelists", LISTS)
        return (_MESSAGE % f"<str:{kind}>{''.join(things)}</str:{kind}>").encode()


class _Request(server.Request):
    def do_GET(self) -> None:
        service: Service = self.simulated
        service.asked.append(self.path)
        body = service.told(self.path.split("/")[2])
        self.answer(404 if body is None else 200, body or b"")


def sdmx_service() -> AbstractContextManager[Service]:
    """A service on a free port; gone afterwards."""
    return server.serve(Service(), _Request, path="/rest")
