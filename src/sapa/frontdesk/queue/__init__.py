"""The queue: issue, call, start, finish, and all that may happen in between.

Every verb is one transaction: it changes the ticket by compare-and-set, changes the consultation with it,
records the event, and lets the promise of whoever is now at the head of the line begin. These are all of them.
"""

from sapa.frontdesk.queue.calling import call, call_next, recall
from sapa.frontdesk.queue.issuing import issue
from sapa.frontdesk.queue.leaving import no_show, withdraw
from sapa.frontdesk.queue.moving import hold, return_to_line, transfer
from sapa.frontdesk.queue.seating import leave_desk, sit
from sapa.frontdesk.queue.serving import finish, refer, start

__all__ = [
    "call",
    "call_next",
    "finish",
    "hold",
    "issue",
    "leave_desk",
    "no_show",
    "recall",
    "refer",
    "return_to_line",
    "sit",
    "start",
    "transfer",
    "withdraw",
]
