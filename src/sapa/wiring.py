"""The flow on one page: who reacts to which event, which sources the worker empties, who may listen to what.

Everything is a dotted path, so that a lower package causes something in a higher one without importing it.
"""

WEBHOOKS = ["sapa.api.webhooks.tell_after"]
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
    "ticket.finished": ["sapa.feedback.ratings.invite_after", *WEBHOOKS],
    "ticket.withdrawn": ["sapa.feedback.ratings.invite_after"],
    "ticket.missed": ["sapa.feedback.ratings.invite_after"],
    "day.settled": [
        "sapa.feedback.ratings.invite_after_day",
        "sapa.feedback.retention.forget_after_day",
        "sapa.inbox.retention.forget_after_day",
    ],
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
    "officer.role_changed": [
        *ROOM_CHANGED,
        "sapa.roster.shifts.clear_after",
        "sapa.inbox.assigning.return_after_departure",
    ],
    "officer.dismissed": [
        *ROOM_CHANGED,
        "sapa.roster.shifts.clear_after",
        "sapa.inbox.assigning.return_after_departure",
    ],
    "consultation.closed": [
        "sapa.meetings.endings.cancel_after_close",
        "sapa.feedback.ratings.invite_after_closing",
        "sapa.notifications.telling.closed",
        *WEBHOOKS,
    ],
    "leave.noted": ["sapa.meetings.endings.check_after"],
    "leave.withdrawn": ["sapa.meetings.endings.check_after"],
    "appointment.kept": ["sapa.meetings.arriving.arrived_after"],
    "appointment.ended": ["sapa.inbox.visiting.add_outcome_after", "sapa.meetings.endings.end_after_ticket"],
    "officer.appointed": ["sapa.people.officers.invite"],
    "leave.begun": ["sapa.inbox.assigning.return_after_leave"],
    "consultation.requested": [
        "sapa.inbox.assigning.assign_after",
        "sapa.notifications.telling.requested",
        *WEBHOOKS,
    ],
    "consultation.asked_back": ["sapa.notifications.telling.asked_back"],
    "consultation.accepted": ["sapa.notifications.telling.accepted", *WEBHOOKS],
    "consultation.assigned": ["sapa.notifications.telling.assigned"],
    "consultation.handed_over": ["sapa.notifications.telling.handed_over"],
    "consultation.forwarded": [
        "sapa.inbox.assigning.assign_after",
        "sapa.notifications.telling.forwarded",
        *WEBHOOKS,
    ],
    "consultation.reopened": [
        "sapa.inbox.assigning.assign_after",
        "sapa.notifications.telling.reopened",
        *WEBHOOKS,
    ],
    "message.received": [
        "sapa.inbox.assigning.return_after_message",
        "sapa.notifications.telling.client_wrote",
        *WEBHOOKS,
    ],
    "message.sent": [
        "sapa.meetings.endings.hold_after_message",
        "sapa.notifications.telling.office_wrote",
        *WEBHOOKS,
    ],
    "answer.submitted": ["sapa.notifications.telling.answer_submitted"],
    "answer.approved": ["sapa.notifications.telling.answer_approved"],
    "answer.returned": ["sapa.notifications.telling.answer_returned"],
    "public_answer.submitted": ["sapa.notifications.telling.public_answer_submitted"],
    "clock.half_gone": ["sapa.notifications.telling.clock_half_gone"],
    "clock.one_day_left": ["sapa.notifications.telling.clock_one_day_left"],
    "clock.overdue": ["sapa.notifications.telling.clock_overdue"],
    "silence.warned": ["sapa.notifications.telling.silence_warned"],
    "meeting.booked": ["sapa.notifications.telling.meeting_booked", *WEBHOOKS],
    "meeting.moved": ["sapa.notifications.telling.meeting_moved"],
    "meeting.cancelled": ["sapa.notifications.telling.meeting_cancelled", *WEBHOOKS],
    "meeting.reminder_due": ["sapa.notifications.telling.meeting_reminder"],
    "meeting.ready": ["sapa.notifications.telling.meeting_ready"],
    "meeting.affected": ["sapa.notifications.telling.meeting_affected"],
    "swap.asked": ["sapa.notifications.telling.swap_asked"],
    "swap.accepted": ["sapa.notifications.telling.swap_accepted"],
    "swap.declined": ["sapa.notifications.telling.swap_declined"],
    "meeting.failed": ["sapa.notifications.telling.meeting_failed"],
    "ticket.issued": WEBHOOKS,
    "ticket.called": WEBHOOKS,
    "visit.signed": WEBHOOKS,
    "correspondences.requested": ["sapa.catalogue.correspondences.compare_after"],
    "correspondences.continued": ["sapa.catalogue.correspondences.compare_after"],
    "rating.invited": ["sapa.notifications.telling.rating_invited"],
}

# handler -> (event name, office id) -> whether it would do anything: when not, no row is written for it.
# For a handler that most offices never need; the others are asked when their row is run.
ONLY_WHERE: dict[str, str] = {"sapa.api.webhooks.tell_after": "sapa.api.webhooks.is_wanted"}

# what `sapa work` empties, in this order
SOURCES: list[str] = [
    "sapa.activity.reactions.SOURCE",
    "sapa.consultations.clocks.SOURCE",
    "sapa.consultations.alarms.SOURCE",
    "sapa.consultations.silence.SOURCE",
    "sapa.roster.leaves.SOURCE",
    "sapa.frontdesk.closing.SOURCE",
    "sapa.frontdesk.drafts.SOURCE",
    "sapa.feedback.windows.SOURCE",
    "sapa.meetings.rooms.SOURCE",
    "sapa.meetings.reminders.SOURCE",
    "sapa.meetings.endings.SOURCE",
    "sapa.files.scanning.SOURCE",
    "sapa.files.discarding.SOURCE",
    "sapa.catalogue.trails.SOURCE",
    "sapa.notifications.digests.SOURCE",
    "sapa.api.repeating.SOURCE",
    "sapa.catalogue.sources.timetable.SOURCE",
    # Last: a slow server elsewhere holds up nothing else of the round.
    "sapa.notifications.deliveries.SOURCE",
    "sapa.api.sending.SOURCE",
]

# kind of live stream -> function (office_code, key, session_key) -> topics or None; asked on connect and each heartbeat
STREAMS: dict[str, str] = {
    "meja": "sapa.frontdesk.streams.for_officer",
    "papan": "sapa.frontdesk.streams.for_board",
    "tiket": "sapa.frontdesk.streams.for_ticket",
    "tablet": "sapa.feedback.streams.for_tablet",
    "pertemuan": "sapa.meetings.streams.for_consultation",
    "saya": "sapa.notifications.streams.for_user",
    "ruang": "sapa.inbox.streams.for_client",
    "kotak": "sapa.inbox.streams.for_inbox",
}

# (office, client, service, at) -> the appointment that a visitor was expected for today, or None
APPOINTMENTS = "sapa.meetings.arriving.expected"

# who holds data of clients: a sapa.people.own_data.Keeper each, for "my data" and for erasing them
PERSONAL_DATA: list[str] = [
    "sapa.frontdesk.own_data.KEEPER",
    "sapa.inbox.own_data.KEEPER",
    "sapa.meetings.own_data.KEEPER",
    "sapa.notifications.own_data.KEEPER",
]
