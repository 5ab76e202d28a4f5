"""Each view of the inbox is one walk along its own index, however much the office has (docs/performance.md)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sapa.consultations.models import Consultation
from sapa.core.time import now
from sapa.inbox import listing
from sapa.offices.models import Office
from sapa.people.models import Officer

INDEXES = {
    "untuk-kami": "inbox_for_us",
    "milik-saya": "inbox_mine",
    "belum-diambil": "inbox_unassigned",
    "untuk-klien": "inbox_for_client",
    "hampir-jatuh-tempo": "inbox_breaching",
    "semua": "inbox_all",
}
# A later page begins in the middle of the index, not at its beginning.
LATER = f"{int(now().timestamp() * 1_000_000)}_1"


def plan_of(office: Office, officer: Officer, view: listing.View, after: str) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # With a handful of rows it would read them all and sort: we ask whether it could walk the index.
            for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        with CaptureQueriesContext(connection) as asked:
            listing.page(office, officer, view, after=after)
        explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
        cursor.execute(explain + asked[0]["sql"])
        return "\n".join(" ".join(map(str, row)) for row in cursor.fetchall())


@pytest.mark.parametrize("after", ["", LATER], ids=["first page", "later page"])
@pytest.mark.parametrize("name", sorted(listing.VIEWS))
def test_each_view_walks_its_own_index_and_sorts_nothing(
    question: Consultation, office: Office, budi: Officer, name: str, after: str
) -> None:
    plan = plan_of(office, budi, listing.VIEWS[name], after)
    walked = {index for index in INDEXES.values() if f"{index} " in plan.replace("(", " ") + " "}
    sorts = "TEMP B-TREE" in plan or "Sort Key" in plan
    # Nobody's are the same stretch of the index by officer: the database may take either.
    if name == "belum-diambil" and walked == {"inbox_mine"}:
        walked = {"inbox_unassigned"}
    assert (walked, sorts) == ({INDEXES[name]}, False), plan
