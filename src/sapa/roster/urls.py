"""Addresses of the roster: the week, planning, leave, swaps."""

from django.urls import URLPattern, path

from sapa.roster.views import leaves, planning, week

ROSTER = "<str:office>/jaga/"

urlpatterns: list[URLPattern] = [
    path(ROSTER, week.show, name="roster"),
    path(ROSTER + "rencana/", planning.plan, name="roster_plan"),
    path(ROSTER + "hari/", planning.day, name="roster_day"),
    path(ROSTER + "pola/", planning.pattern, name="roster_pattern"),
    path(ROSTER + "pola/<int:pattern>/pengakhiran/", planning.drop_pattern, name="roster_pattern_end"),
    path(ROSTER + "pembagian/", planning.set_policy, name="roster_policy"),
    path(ROSTER + "cuti/", leaves.index, name="roster_leaves"),
    path(ROSTER + "cuti/<int:leave>/pembatalan/", leaves.withdraw, name="roster_leave_withdrawal"),
    path(ROSTER + "tukar/", week.swap, name="roster_swap"),
    path(ROSTER + "tukar/<int:swap>/persetujuan/", week.accept, name="roster_swap_acceptance"),
    path(ROSTER + "tukar/<int:swap>/penolakan/", week.decline, name="roster_swap_refusal"),
    path(ROSTER + "tukar/<int:swap>/penarikan/", week.withdraw, name="roster_swap_withdrawal"),
]
