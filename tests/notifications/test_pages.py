"""The bell, the list, the choices, the link that ends mails, the worker: each with a stranger at the door."""

import re
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from sapa.notifications import preferences, readers, reading, unsubscribing
from sapa.notifications.kinds import TOPICS
from sapa.notifications.models import Notification, Preference, PushSubscription, Reader, Way
from sapa.notifications.streams import for_user
from sapa.offices.models import Office
from sapa.people.models import Officer, User
from tests.conftest import Clock
from tests.notifications.conftest import Tell

LIST, CHOICES = "/akun/pemberitahuan/", "/akun/pemberitahuan/pilihan/"
ENDPOINT = {"endpoint": "https://push.example/abc", "p256dh": "B" * 87, "auth": "A" * 22}


def _titles(page: Any) -> list[str]:
    return re.findall(r"<strong>([^<]*KST[^<]*)</strong>", page.content.decode())


def test_the_bell_counts_what_is_new_and_forgets_what_was_opened(
    tell: Tell, ani_user: User, signed_in: Any
) -> None:
    browser = signed_in(ani_user)
    (notification,) = tell(ani_user, path="/akun/")
    tell(ani_user, what="closed")
    assert "Pemberitahuan: 2 baru" in browser.get(LIST).content.decode()
    answer = browser.get(f"/akun/pemberitahuan/{notification.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/akun/")
    assert "Pemberitahuan: 1 baru" in browser.get(LIST).content.decode()


def test_whoever_opens_the_page_itself_has_seen_it(tell: Tell, ani_user: User, signed_in: Any) -> None:
    tell(ani_user, path="/akun/")
    page = signed_in(ani_user).get("/akun/").content.decode()
    assert ("Pemberitahuan: tidak ada yang baru" in page, reading.unseen(ani_user).count()) == (True, 0)


def test_a_part_fetched_behind_the_readers_back_marks_nothing(
    tell: Tell, ani_user: User, signed_in: Any
) -> None:
    tell(ani_user, path="/akun/pemberitahuan/lonceng/")
    answer = signed_in(ani_user).get("/akun/pemberitahuan/lonceng/", headers={"HX-Request": "true"})
    assert ("1 baru" in answer.content.decode(), reading.unseen(ani_user).count()) == (True, 1)


def test_nobody_opens_what_another_was_told(
    tell: Tell, ani_user: User, budi: Officer, signed_in: Any
) -> None:
    (notification,) = tell(budi.user, what="assigned")
    assert signed_in(ani_user).get(f"/akun/pemberitahuan/{notification.pk}/").status_code == 404
    assert Notification.objects.get().seen_at is None
    assert _titles(signed_in(ani_user).get(LIST)) == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_often_for_three_as_for_one(
    number: int, tell: Tell, ani_user: User, signed_in: Any, django_assert_num_queries: Any
) -> None:
    browser = signed_in(ani_user)
    browser.get(LIST)
    for _each in range(number):
        tell(ani_user)
    with django_assert_num_queries(8):
        assert len(_titles(browser.get(LIST))) == number


def test_the_list_goes_back_a_page_at_a_time_without_gap_or_double(
    tell: Tell, ani_user: User, signed_in: Any
) -> None:
    for number in range(45):
        tell(ani_user, what="closed", params={"code": f"KST-{number:02}"})
    browser, address, found = signed_in(ani_user), LIST, []
    while address:
        page = browser.get(address)
        found.append(_titles(page))
        following = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
        address = following[1] if following else ""
    assert [len(each) for each in found] == [20, 20, 5]
    assert [title.split()[1] for each in found for title in each] == [
        f"KST-{n:02}" for n in reversed(range(45))
    ]


@pytest.mark.parametrize("bad", ["x", "-1", "9" * 30, "1'"])
def test_a_bad_place_in_the_list_is_the_beginning(
    bad: str, tell: Tell, ani_user: User, signed_in: Any
) -> None:
    tell(ani_user)
    assert len(_titles(signed_in(ani_user).get(LIST, {"sebelum": bad}))) == 1


def test_all_can_be_marked_as_seen_at_once(tell: Tell, ani_user: User, budi: Officer, signed_in: Any) -> None:
    tell(ani_user, budi.user)
    assert signed_in(ani_user).post("/akun/pemberitahuan/dilihat/").status_code == 302
    assert (reading.unseen(ani_user).count(), reading.unseen(budi.user).count()) == (0, 1)


def _choices(**wanted: str) -> dict[str, str]:
    return {"language": "id", "quiet_from": "", "quiet_until": "", "digest_time": ""} | wanted


def test_choices_are_kept_as_they_were_ticked(ani_user: User, signed_in: Any) -> None:
    browser = signed_in(ani_user)
    answer = browser.post(
        CHOICES,
        _choices(
            language="en",
            quiet_from="21:00",
            quiet_until="06:30",
            digest_time="07:00",
            **{"request-page": "on", "request-mail": "on", "conversation-push": "on"},
        ),
    )
    assert answer.status_code == 302
    reader = Reader.objects.get()
    assert (reader.language, reader.language_is_chosen, f"{reader.quiet_from:%H.%M}") == ("en", True, "21.00")
    assert reader.digest_due_at is not None
    assert preferences.ways(ani_user, TOPICS["request"]) == {Way.PAGE, Way.MAIL}
    assert preferences.ways(ani_user, TOPICS["conversation"]) == {Way.PUSH}
    assert preferences.ways(ani_user, TOPICS["meeting"]) == set()
    ticked = re.findall(r'name="([a-z_]+-[a-z]+)"[^>]*checked', browser.get(CHOICES).content.decode())
    assert ticked == ["request-page", "request-mail", "conversation-push"]


@pytest.mark.parametrize(
    "bad",
    [
        {"quiet_from": "21:00"},
        {"quiet_from": "21:00", "quiet_until": "21:00"},
        {"quiet_from": "25:00", "quiet_until": "06:00"},
        {"language": "xx"},
        {"digest_time": "<b>"},
    ],
)
def test_a_wrong_choice_is_said_and_nothing_is_kept(
    bad: dict[str, str], ani_user: User, signed_in: Any
) -> None:
    browser = signed_in(ani_user)
    before = [
        browser.get(CHOICES).status_code,
        *Reader.objects.values_list("language", "quiet_from", "digest_time"),
    ]
    assert browser.post(CHOICES, _choices(**bad)).status_code == 422
    assert before == [200, *Reader.objects.values_list("language", "quiet_from", "digest_time")]
    assert Preference.objects.count() == 0


def test_clients_choose_among_what_concerns_clients_officers_among_more(
    ani_user: User, budi: Officer, signed_in: Any
) -> None:
    def topics(person: User) -> set[str]:
        page = signed_in(person).get(CHOICES).content.decode()
        return set(re.findall(r'name="([a-z_]+)-mail"', page))

    assert topics(ani_user) == {name for name, each in TOPICS.items() if not each.for_officers}
    assert topics(budi.user) == set(TOPICS)


def test_an_officer_rests_in_the_evening_and_has_an_overview_unless_chosen_otherwise(
    budi: Officer, clock: Clock
) -> None:
    reader = readers.reader_of(budi.user, at=clock.at)
    assert (f"{reader.quiet_from:%H.%M}", f"{reader.digest_time:%H.%M}") == ("18.00", "07.30")


def test_a_device_is_allowed_and_forgotten_by_its_owner_only(
    ani_user: User, budi: Officer, signed_in: Any
) -> None:
    browser = signed_in(ani_user)
    for _again in range(2):
        assert browser.post("/akun/pemberitahuan/perangkat/", ENDPOINT).status_code == 302
    device = PushSubscription.objects.get()
    assert device.user == ani_user
    removal = f"/akun/pemberitahuan/perangkat/{device.pk}/hapus/"
    assert signed_in(budi).post(removal).status_code == 404
    assert signed_in(ani_user).post(removal).status_code == 302
    assert PushSubscription.objects.count() == 0


@pytest.mark.parametrize(
    "bad",
    [
        {"endpoint": "http://push.example/abc"},
        {"endpoint": "https://"},
        {"endpoint": "https://ä.example/"},
        {"endpoint": "https://push.example/" + "x" * 600},
        {"endpoint": "https://[/"},
        {"p256dh": "<script>"},
        {"auth": ""},
    ],
)
def test_a_device_that_cannot_be_reached_is_not_kept(
    bad: dict[str, str], ani_user: User, signed_in: Any
) -> None:
    answer = signed_in(ani_user).post("/akun/pemberitahuan/perangkat/", ENDPOINT | bad, follow=True)
    assert "Peramban ini tidak memberi tahu cara menjangkaunya." in answer.content.decode()
    assert PushSubscription.objects.count() == 0


def test_the_eleventh_device_is_refused_with_a_sentence(ani_user: User, signed_in: Any) -> None:
    browser = signed_in(ani_user)
    for number in range(11):
        answer = browser.post(
            "/akun/pemberitahuan/perangkat/",
            ENDPOINT | {"endpoint": f"https://push.example/{number}"},
            follow=True,
        )
    assert "Anda sudah memiliki sepuluh perangkat." in answer.content.decode()
    assert PushSubscription.objects.count() == 10


def test_one_click_in_the_mail_program_ends_mails_without_cookie_or_token(tell: Tell, ani_user: User) -> None:
    (notification,) = tell(ani_user)
    path = unsubscribing.address_of(ani_user, notification).partition("8000")[2]
    browser = Browser(enforce_csrf_checks=True)
    # A scanner that follows the link ends nothing.
    assert browser.get(path).status_code == 200
    assert Preference.objects.count() == 0
    for _again in range(2):
        answer = browser.post(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert list(Preference.objects.values_list("topic", "way", "is_wanted")) == [("request", "mail", False)]


def test_a_forged_link_ends_nothing(tell: Tell, ani_user: User, budi: Officer) -> None:
    (notification,) = tell(ani_user)
    good = unsubscribing.address_of(ani_user, notification).rstrip("/").rpartition("/")[2]
    other = unsubscribing.address_of(budi.user, notification).rstrip("/").rpartition("/")[2]
    mixed = f"{other.partition(':')[0]}:{good.partition(':')[2]}"
    for forged in (good[:-1] + ("A" if good[-1] != "A" else "B"), mixed, "x", good.partition(":")[0]):
        assert Browser().post(reverse("notification_stop", args=[forged])).status_code == 404
    assert Preference.objects.count() == 0


def test_the_overview_has_a_link_of_its_own(ani_user: User, office: Office, clock: Clock) -> None:
    reader = readers.reader_of(ani_user, at=clock.at)
    readers.change(
        reader,
        language="id",
        quiet_from=None,
        quiet_until=None,
        quiet_weekends=False,
        digest_time=readers.DIGEST_TIME,
        at=clock.at,
    )
    digest = Notification(user=ani_user, office=office, what="digest")
    path = unsubscribing.address_of(ani_user, digest).partition("8000")[2]
    assert Browser().post(path).status_code == 200
    reader.refresh_from_db()
    assert (reader.digest_time, reader.digest_due_at) == (None, None)


def test_the_worker_stands_at_the_root_and_is_asked_for_anew(db: None) -> None:
    answer = Browser().get("/sw.js?bahasa=en")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    assert "There is something new." in answer.content.decode()
    assert "Ada kabar baru." in Browser().get("/sw.js?bahasa='</script>").content.decode()
    assert "worker-src 'self'" in answer["Content-Security-Policy"]


def test_a_woken_browser_learns_the_latest_with_its_readers_session_only(
    tell: Tell, ani_user: User, budi: Officer, signed_in: Any
) -> None:
    neutral = {
        "title": "Sapa",
        "body": "Ada kabar baru. Buka Sapa untuk membacanya.",
        "url": LIST,
        "tag": "sapa",
    }
    (notification,) = tell(ani_user)
    assert Browser().get("/akun/pemberitahuan/terbaru/").json() == neutral
    assert signed_in(budi).get("/akun/pemberitahuan/terbaru/").json() == neutral
    answer = signed_in(ani_user).get("/akun/pemberitahuan/terbaru/")
    assert answer.json() == {
        "title": "Permintaan Anda KST-2222-3333-4444 sudah lengkap",
        "body": "Anda dijawab paling lambat Rabu, 25 November 2026 pukul 15.30 WIB.",
        "url": f"/akun/pemberitahuan/{notification.pk}/",
        "tag": "consultation-1",
    }
    assert answer["Cache-Control"] == "no-store, private"


def test_only_the_own_news_may_be_listened_to(ani_user: User, office: Office, signed_in: Any) -> None:
    session = signed_in(ani_user).session.session_key
    assert for_user(office.code, "", session) == (f"user:{ani_user.pk}",)
    assert [
        for_user(*each)
        for each in ((office.code, "", ""), (office.code, "x", session), ("9999", "", session))
    ] == [
        None,
        None,
        None,
    ]


def test_an_address_that_was_refused_is_shown_and_can_be_tried_again(
    ani_user: User, signed_in: Any, clock: Clock
) -> None:
    reader = readers.reader_of(ani_user, at=clock.at)
    Reader.objects.filter(pk=reader.pk).update(refused_address=ani_user.email)
    browser = signed_in(ani_user)
    assert "Coba lagi alamat ini" in browser.get(CHOICES).content.decode()
    browser.post("/akun/pemberitahuan/alamat/")
    assert "Coba lagi alamat ini" not in browser.get(CHOICES).content.decode()


def test_mails_follow_the_language_in_which_pages_are_read(ani_user: User, signed_in: Any) -> None:
    browser = signed_in(ani_user)
    browser.get(LIST)
    assert Reader.objects.get().language == "id"
    browser.cookies["sapa_language"] = "en"
    browser.get(LIST)
    assert Reader.objects.get().language == "en"
