"""Who is called next: fair inside a class, bounded between the classes, explained in one sentence."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from sapa.frontdesk.order import (
    Arrival,
    Choice,
    Policy,
    Rule,
    Waiting,
    Waits,
    choose,
    explanation,
    line,
    simulate,
    ticket_label,
)

OPENING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DESK = 1


def ticket(
    number: int,
    minute: float,
    *,
    priority: bool = False,
    returned: bool = False,
    desk: int | None = None,
) -> Waiting:
    return Waiting(
        id=number,
        joined_at=OPENING + timedelta(minutes=minute),
        number=number,
        prefix="K",
        priority=priority,
        returned=returned,
        reserved_desk_id=desk,
    )


@st.composite
def lines(draw: st.DrawFn, *, reserved: bool = False) -> list[Waiting]:
    size = draw(st.integers(0, 14))
    return [
        ticket(
            number,
            draw(st.integers(0, 20)),
            priority=draw(st.booleans()),
            returned=draw(st.booleans()),
            desk=draw(st.sampled_from([None, None, 1, 2])) if reserved else None,
        )
        for number in range(1, size + 1)
    ]


histories = st.lists(st.booleans(), max_size=8)
policies = st.integers(1, 5).map(Policy)


def play(
    waiting: list[Waiting], history: list[bool], policy: Policy, *, desks: tuple[int, ...] = (DESK,)
) -> list[Waiting]:
    """Call until nobody is left, the desks in rotation; a desk with nobody to call is passed over."""
    left, past, called = list(waiting), list(history), []
    while left:
        for desk in desks:
            choice = choose(left, past, policy, desk_id=desk)
            if choice is not None:
                chosen = next(each for each in left if each.id == choice.ticket_id)
                left.remove(chosen)
                past.insert(0, chosen.priority)
                called.append(chosen)
    return called


def ids(waiting: list[Waiting]) -> list[int]:
    return [each.id for each in waiting]


def test_nobody_waits_nobody_is_called() -> None:
    assert choose([], [], Policy(), desk_id=DESK) is None
    assert line([], [], Policy()) == []


def test_the_only_one_waiting_is_called() -> None:
    choice = choose([ticket(4, 0)], [], Policy(), desk_id=DESK)
    assert choice is not None
    assert (choice.ticket_id, choice.rule) == (4, Rule.ONLY_ONE)


def test_the_detail_holds_what_the_sentence_needs_and_nothing_about_the_person() -> None:
    choice = choose([ticket(4, 5), ticket(5, 9)], [False, True], Policy(), desk_id=3)
    assert choice == Choice(
        4,
        Rule.FIRST_COME,
        {
            "number": 4,
            "prefix": "K",
            "letter": "R",
            "joined_at": "2026-11-23T01:05:00+00:00",
            "returned": 0,
            "regular_calls": 1,
            "waiting": 2,
            "desk_id": 3,
        },
    )


def test_by_default_a_priority_ticket_is_the_next_call() -> None:
    choice = choose([ticket(1, 0), ticket(2, 3, priority=True)], [True, True], Policy(), desk_id=DESK)
    assert choice is not None
    assert (choice.ticket_id, choice.rule) == (2, Rule.PRIORITY_NEXT)


def test_a_priority_ticket_that_came_first_is_simply_first() -> None:
    choice = choose([ticket(1, 0, priority=True), ticket(2, 3)], [], Policy(3), desk_id=DESK)
    assert choice is not None
    assert (choice.ticket_id, choice.rule) == (1, Rule.FIRST_COME)


def test_every_third_call_means_two_regular_calls_between() -> None:
    waiting = [ticket(n, n) for n in (1, 2, 3, 4, 5)] + [ticket(n, n, priority=True) for n in (6, 7, 8)]
    assert line(waiting, [], Policy(3)) == [1, 2, 6, 3, 4, 7, 5, 8]
    rules = []
    history: list[bool] = []
    while waiting:
        choice = choose(waiting, history, Policy(3), desk_id=DESK)
        assert choice is not None
        chosen = next(each for each in waiting if each.id == choice.ticket_id)
        waiting.remove(chosen)
        history.insert(0, chosen.priority)
        rules.append(choice.rule)
    assert rules == [
        Rule.REGULAR_BETWEEN,
        Rule.REGULAR_BETWEEN,
        Rule.PRIORITY_INTERLEAVED,
        Rule.REGULAR_BETWEEN,
        Rule.REGULAR_BETWEEN,
        Rule.PRIORITY_INTERLEAVED,
        Rule.REGULAR_BETWEEN,
        Rule.ONLY_ONE,
    ]


def test_regular_calls_before_the_priority_ticket_came_count() -> None:
    waiting = [ticket(1, 0), ticket(2, 5, priority=True)]
    choice = choose(waiting, [False, False, False], Policy(3), desk_id=DESK)
    assert choice is not None
    assert (choice.ticket_id, choice.rule) == (2, Rule.PRIORITY_INTERLEAVED)


def test_a_returned_ticket_takes_the_place_it_was_given_and_not_the_front() -> None:
    waiting = [ticket(1, 8, returned=True), ticket(2, 4), ticket(3, 9)]
    assert line(waiting, [], Policy()) == [2, 1, 3]


def test_at_the_same_instant_a_returned_ticket_stands_behind() -> None:
    assert line([ticket(1, 4, returned=True), ticket(2, 4)], [], Policy()) == [2, 1]


def test_a_ticket_handed_to_a_desk_is_called_only_there() -> None:
    waiting = [ticket(1, 0, desk=2), ticket(2, 5)]
    here, there = (choose(waiting, [], Policy(), desk_id=desk) for desk in (1, 2))
    assert here is not None
    assert there is not None
    assert (here.ticket_id, here.rule) == (2, Rule.ONLY_ONE)
    assert (there.ticket_id, there.rule) == (1, Rule.RESERVED_FOR_DESK)


def test_a_ticket_handed_to_a_desk_does_not_jump_the_line() -> None:
    waiting = [ticket(1, 5, desk=DESK), ticket(2, 0)]
    choice = choose(waiting, [], Policy(), desk_id=DESK)
    assert choice is not None
    assert (choice.ticket_id, choice.rule) == (2, Rule.FIRST_COME)


def test_a_desk_with_only_other_desks_tickets_calls_nobody() -> None:
    assert choose([ticket(1, 0, desk=2)], [], Policy(), desk_id=1) is None


@given(lines(reserved=True), histories, policies, st.randoms(use_true_random=False))
def test_the_choice_does_not_depend_on_the_order_of_the_rows(
    waiting: list[Waiting], history: list[bool], policy: Policy, shuffler: random.Random
) -> None:
    shuffled = list(waiting)
    shuffler.shuffle(shuffled)
    assert choose(shuffled, history, policy, desk_id=DESK) == choose(waiting, history, policy, desk_id=DESK)
    assert line(shuffled, history, policy) == line(waiting, history, policy)


@given(lines(), histories, policies)
def test_the_shown_line_is_the_order_of_the_calls(
    waiting: list[Waiting], history: list[bool], policy: Policy
) -> None:
    assert line(waiting, history, policy) == ids(play(waiting, history, policy))


@given(lines(reserved=True), histories, policies)
def test_everybody_who_waits_is_called_exactly_once(
    waiting: list[Waiting], history: list[bool], policy: Policy
) -> None:
    assert sorted(ids(play(waiting, history, policy, desks=(1, 2)))) == sorted(ids(waiting))
    assert sorted(line(waiting, history, policy)) == sorted(ids(waiting))


@given(lines(), histories, policies)
def test_within_a_class_nobody_is_overtaken(
    waiting: list[Waiting], history: list[bool], policy: Policy
) -> None:
    called = play(waiting, history, policy)
    for priority in (True, False):
        own = [each for each in called if each.priority is priority]
        assert own == sorted(own, key=lambda each: each.turn)


@given(lines(), histories, policies)
def test_a_priority_ticket_waits_for_at_most_the_agreed_number_of_regular_calls(
    waiting: list[Waiting], history: list[bool], policy: Policy
) -> None:
    consecutive = next((n for n, priority in enumerate(history) if priority), len(history))
    called = play(waiting, history, policy)
    for place, each in enumerate(called):
        if any(later.priority for later in called[place:]) and not each.priority:
            consecutive += 1
            assert consecutive <= policy.priority_every - 1
        elif each.priority:
            consecutive = 0


@given(lines(), histories, policies)
def test_a_priority_ticket_is_never_later_than_plain_first_come(
    waiting: list[Waiting], history: list[bool], policy: Policy
) -> None:
    plain = ids(sorted(waiting, key=lambda each: each.turn))
    called = line(waiting, history, policy)
    for each in waiting:
        if each.priority:
            assert called.index(each.id) <= plain.index(each.id)


@given(st.integers(2, 5), st.integers(0, 6), st.integers(1, 5), histories)
def test_a_regular_ticket_is_called_within_a_bound_however_many_priority_tickets_keep_coming(
    every: int, regulars_ahead: int, priority_ahead: int, history: list[bool]
) -> None:
    policy = Policy(every)
    mine = ticket(900, 50)
    waiting = [ticket(n + 1, n) for n in range(regulars_ahead)]
    waiting += [ticket(n + 101, n, priority=True) for n in range(priority_ahead)] + [mine]
    past = list(history)
    calls = 0
    while mine in waiting:
        waiting.append(ticket(1000 + calls, 60 + calls, priority=True))
        choice = choose(waiting, past, policy, desk_id=DESK)
        assert choice is not None
        chosen = next(each for each in waiting if each.id == choice.ticket_id)
        waiting.remove(chosen)
        past.insert(0, chosen.priority)
        calls += 1
    # The own call, the earlier tickets, and one newer priority ticket per group of `every - 1` regular calls.
    overtaken = -(-(regulars_ahead + 1) // (every - 1))
    assert calls <= 1 + regulars_ahead + priority_ahead + overtaken


def test_with_the_default_a_regular_ticket_waits_for_all_priority_tickets() -> None:
    waiting = [ticket(1, 0)] + [ticket(n, n, priority=True) for n in range(2, 30)]
    assert line(waiting, [], Policy(1))[-1] == 1


def test_a_policy_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="priority_every must be 1 or more"):
        Policy(0)


def test_a_ticket_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Waiting(id=1, joined_at=OPENING.replace(tzinfo=None), number=1, prefix="K")


@pytest.mark.parametrize(
    ("rule", "changes", "sentence"),
    [
        (Rule.ONLY_ONE, {}, "The only one waiting: number K-007, in line since 08:05 WIB."),
        (Rule.FIRST_COME, {}, "First in line: took number K-007 at 08:05 WIB."),
        (
            Rule.FIRST_COME,
            {"returned": 1},
            "First in line: number K-007 is back and has its place from 08:05 WIB.",
        ),
        (
            Rule.PRIORITY_NEXT,
            {"letter": "P"},
            "Class P is called next: number K-007, in line since 08:05 WIB.",
        ),
        (
            Rule.PRIORITY_INTERLEAVED,
            {"letter": "P", "regular_calls": 1},
            "Turn of class P after 1 other call: number K-007, in line since 08:05 WIB.",
        ),
        (
            Rule.PRIORITY_INTERLEAVED,
            {"letter": "P", "regular_calls": 2},
            "Turn of class P after 2 other calls: number K-007, in line since 08:05 WIB.",
        ),
        (
            Rule.REGULAR_BETWEEN,
            {},
            "Turn of class R before the next call of class P: number K-007, in line since 08:05 WIB.",
        ),
        (Rule.RESERVED_FOR_DESK, {}, "Handed over to this desk: number K-007, in line since 08:05 WIB."),
    ],
)
def test_every_rule_says_why_in_one_sentence(
    rule: Rule, changes: dict[str, int | str], sentence: str
) -> None:
    detail: dict[str, int | str] = {
        "number": 7,
        "prefix": "K",
        "letter": "R",
        "joined_at": "2026-11-23T01:05:00+00:00",
        "returned": 0,
        "regular_calls": 0,
        "waiting": 3,
        "desk_id": 1,
    }
    with translation.override("en"):
        assert explanation(Choice(7, rule, detail | changes), zone="Asia/Jakarta") == sentence


def test_the_sentence_uses_the_clock_of_the_office() -> None:
    choice = choose([ticket(7, 5)], [], Policy(), desk_id=DESK)
    assert choice is not None
    with translation.override("en"):
        assert explanation(choice, zone="Asia/Jayapura").endswith("in line since 10:05 WIT.")


def test_a_number_is_written_with_its_prefix_and_three_digits() -> None:
    assert [ticket_label("K", 7), ticket_label("P", 1234)] == ["K-007", "P-1234"]


# Playing a past day again.


def minutes(*values: float) -> list[timedelta]:
    return [timedelta(minutes=value) for value in values]


def arrivals(*comings: tuple[float, bool]) -> list[Arrival]:
    return [Arrival(OPENING + timedelta(minutes=at), priority) for at, priority in comings]


def test_one_desk_serves_in_order_of_arrival() -> None:
    day = arrivals((0, False), (1, False), (2, False))
    assert simulate(day, minutes(10, 10, 10), Policy(), 1) == Waits(
        regular=tuple(minutes(0, 9, 18)), priority=()
    )


def test_a_priority_rule_moves_waiting_from_one_class_to_the_other() -> None:
    day = arrivals((0, False), (1, False), (2, False), (3, True))
    lengths = minutes(10, 10, 10, 10)
    always, every_third = (simulate(day, lengths, Policy(every), 1) for every in (1, 3))
    assert always == Waits(regular=tuple(minutes(0, 19, 28)), priority=tuple(minutes(7)))
    assert every_third == Waits(regular=tuple(minutes(0, 9, 28)), priority=tuple(minutes(17)))


def test_idle_desks_call_at_the_instant_of_arrival_and_never_before() -> None:
    day = arrivals((0, False), (10, False), (10, False), (10, False))
    assert simulate(day, minutes(30, 5, 5, 5), Policy(), 3) == Waits(
        regular=tuple(minutes(0, 0, 0, 5)), priority=()
    )


def test_an_empty_day_has_no_waiting() -> None:
    nothing = simulate([], [], Policy(), 2)
    assert nothing == Waits(regular=(), priority=())
    assert (Waits.middle(nothing.regular), Waits.longest(nothing.regular)) == (None, None)


def test_the_middle_and_the_longest_wait() -> None:
    waits = minutes(3, 1, 40)
    assert (Waits.middle(waits), Waits.longest(waits)) == (timedelta(minutes=3), timedelta(minutes=40))


@given(
    st.lists(st.tuples(st.integers(0, 120), st.booleans(), st.integers(1, 30)), max_size=25),
    policies,
    st.integers(1, 4),
)
def test_a_played_day_serves_everybody_and_nobody_waits_less_than_nothing(
    day: list[tuple[int, bool, int]], policy: Policy, desks: int
) -> None:
    coming = arrivals(*((at, priority) for at, priority, _ in day))
    waits = simulate(coming, minutes(*(length for _, _, length in day)), policy, desks)
    assert len(waits.priority) == sum(priority for _, priority, _ in day)
    assert len(waits.regular) + len(waits.priority) == len(day)
    assert min((*waits.regular, *waits.priority), default=timedelta(0)) >= timedelta(0)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=20),
    st.integers(1, 3),
)
def test_a_played_day_with_equal_lengths_only_shares_the_waiting_out_differently(
    day: list[tuple[int, bool]], desks: int
) -> None:
    coming = arrivals(*day)
    lengths = minutes(*[10.0] * len(day))
    totals = {
        sum((*waits.regular, *waits.priority), timedelta(0))
        for waits in (simulate(coming, lengths, Policy(every), desks) for every in (1, 2, 4))
    }
    assert len(totals) == 1


@pytest.mark.parametrize(
    ("lengths", "desks", "reason"),
    [
        (minutes(1), 0, "desks"),
        (minutes(1, 2), 1, "each arrival"),
        (minutes(-1), 1, "negative"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused(lengths: list[timedelta], desks: int, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        simulate(arrivals((0, False)), lengths, Policy(), desks)
