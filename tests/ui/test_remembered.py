"""Addresses and words that are remembered say what they said the first time, in the reader's language."""

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, set_script_prefix
from django.utils import translation

from sapa.ui.remembered import address


def page(text: str, **context: object) -> str:
    """Twice, as two readers would ask for it."""
    made = Template("{% load i18n ui %}" + text)
    first, second = (made.render(Context(context)) for _reader in range(2))
    assert first == second
    return first


def test_words_follow_the_language_of_each_reader() -> None:
    made = Template("{% load i18n ui %}{% translate 'Send' %}|{% translate 'Send' as word %}{{ word }}")
    said = {}
    for language in ("id", "en", "id"):
        with translation.override(language):
            said[language] = made.render(Context())
    assert said == {"id": "Kirim|Kirim", "en": "Send|Send"}


def test_words_of_a_variable_and_with_a_filter_are_looked_up_each_time() -> None:
    with translation.override("id"):
        assert page("{% translate word %}", word="Send") == "Kirim"
        assert page("{% translate 'Send'|upper %}") == "KIRIM"
        assert page("{% translate 'Send' noop %}") == "Send"


def test_an_address_is_that_of_its_own_arguments() -> None:
    text = "{% url 'inbox_case' office=office code=code %} {% url 'inbox' office %}"
    assert page(text, office="1808", code="KST-1") == "/1808/kotak-masuk/KST-1/ /1808/kotak-masuk/"
    assert page(text, office="1809", code="KST-1") == "/1809/kotak-masuk/KST-1/ /1809/kotak-masuk/"


def test_what_is_nowhere_is_empty_where_it_is_asked_for_and_an_error_elsewhere() -> None:
    assert page("{% url 'nowhere' as there %}[{{ there }}]") == "[]"
    with pytest.raises(NoReverseMatch):
        page("{% url 'nowhere' %}")


def test_an_address_is_escaped_like_any_other_text() -> None:
    assert page("{% url 'inbox_case' '1808' code %}", code="a&b'") == "/1808/kotak-masuk/a&amp;b&#x27;/"


def test_an_address_moves_with_the_path_that_sapa_is_served_under() -> None:
    try:
        set_script_prefix("/pst/")
        assert address("inbox", "1808") == "/pst/1808/kotak-masuk/"
    finally:
        set_script_prefix("/")
    assert address("inbox", "1808") == "/1808/kotak-masuk/"


def test_what_stands_around_a_body_is_kept_and_the_body_is_not() -> None:
    text = "{% elblock 'details' summary=title %}{{ body }}{% endelblock %}"
    first, second, other = (
        page(text, title=title, body=body)
        for title, body in (("A<b>", "satu & dua"), ("A<b>", "tiga"), ("B", "tiga"))
    )
    assert first.replace("satu &amp; dua", "tiga") == second
    assert second.replace("A&lt;b&gt;", "B") == other


def test_an_element_with_slots_shows_each_of_them() -> None:
    text = (
        "{% elblock 'panel' title='T' %}{{ body }}{% slot 'actions' %}{{ act }}{% endslot %}{% endelblock %}"
    )
    assert "dua" in page(text, body="satu", act="dua")
    assert "tiga" in page(text, body="satu", act="tiga")
