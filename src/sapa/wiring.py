"""The flow on one page: who reacts to which event, which sources the worker empties, who may listen to what.

Everything is a dotted path, so that a lower package causes something in a higher one without importing it.
"""

ROOM_CHANGED = ["sapa.frontdesk.queue.promises.begin_after"]
TIMES_CHANGED = [
    "sapa.consultations.clocks.recount_after",
    "sapa.frontdesk.closing.recount_after",
    "sapa.feedback.complaint_clocks.recount_after",
    "sapa.meetings.endings.check_after",
    *ROOM_CHANGED,
]

# event name -> functions (event) -> None, each run once in a transaction of its own, again later if it fails
REACTIONS: dict[str, list[str]] = {
    "ticket.finished": ["sapa.feedback.ratings.invite_after"],
    "ticket.withdrawn": ["sapa.feedback.ratings.invite_after"],
    "ticket.missed": ["sapa.feedback.ratings.invite_after"],
    "day.settled": ["sapa.feedback.ratings.invite_after_day", "sapa.feedback.retention.forget_after_day"],
    "holiday.declared": TIMES_CHANGED,
    "holiday.withdrawn": TIMES_CHANGED,
    "holidays.loaded": TIMES_CHANGED,
    "closure.declared": TIMES_CHANGED,
    "closure.withdrawn": TIMES_CHANGED,
    "hours.changed": TIMES_CHANGED,
    "standard.loaded": ["sapa.consultations.clocks.recount_after"],
    "desk.changed": ROOM_CHANGED,
    "service.changed": ROOM_CHANGED,
    "policy.changed": ROOM_CHANGED,
    "officer.role_changed": [*ROOM_CHANGED, "sapa.roster.shifts.clear_after"],
    "officer.dismissed": [*ROOM_CHANGED, "sapa.roster.shifts.clear_after"],
    "consultation.closed": ["sapa.meetings.endings.cancel_after_close"],
    "appointment.kept": ["sapa.meetings.arriving.arrived_after"],
    "appointment.ended": ["sapa.meetings.endings.end_after_ticket"],
    "officer.appointed": ["sapa.people.officers.invite"],
}

# what `sapa work` empties, in this order
SOURCES: list[str] = [
    "sapa.activity.reactions.SOURCE",
    "sapa.consultations.clocks.SOURCE",
    "sapa.consultations.alarms.SOURCE",
    "sapa.consultations.silence.SOURCE",
    "sapa.frontdesk.closing.SOURCE",
    "sapa.frontdesk.drafts.SOURCE",
    "sapa.feedback.windows.SOURCE",
    "sapa.meetings.rooms.SOURCE",
    "sapa.meetings.reminders.SOURCE",
    "sapa.meetings.endings.SOURCE",
    "sapa.files.scanning.SOURCE",
    "sapa.files.discarding.SOURCE",
]

# kind of live stream -> function (office_code, key, session_key) -> topics or None; asked on connect and each heartbeat
STREAMS: dict[str, str] = {
    "meja": "sapa.frontdesk.streams.for_officer",
    "papan": "sapa.frontdesk.streams.for_board",
    "tiket": "sapa.frontdesk.streams.for_ticket",
    "tablet": "sapa.feedback.streams.for_tablet",
    "pertemuan": "sapa.meetings.streams.for_consultation",
}

# (office, client, service, at) -> the appointment that a visitor was expected for today, or None
APPOINTMENTS = "sapa.meetings.arriving.expected"

# who holds data of clients: a sapa.people.own_data.Keeper each, for "my data" and for erasing them
PERSONAL_DATA: list[str] = ["sapa.frontdesk.own_data.KEEPER"]
