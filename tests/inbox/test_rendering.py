"""Whatever somebody types stands in the conversation as text, and nothing else."""

import re
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sapa.core.errors import Refused
from sapa.inbox.rendering import LONGEST, as_html, cleaned

OUR_TAGS = re.compile(
    r'</?(?:p|ul|li|br|a)(?: dir="auto"| href="(?:https?://|mailto:)[^"<>]*"(?: rel="nofollow")?)?>'
)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<script>alert(1)</script>", '<p dir="auto">&lt;script&gt;alert(1)&lt;/script&gt;</p>'),
        ('"><img src=x onerror=a()>', '<p dir="auto">&quot;&gt;&lt;img src=x onerror=a()&gt;</p>'),
        ("- <b>satu</b>\n- dua", '<ul dir="auto"><li>&lt;b&gt;satu&lt;/b&gt;</li><li>dua</li></ul>'),
        ("javascript://%0aalert(1)", '<p dir="auto">javascript://%0aalert(1)</p>'),
        ("data:text/html,<b>", '<p dir="auto">data:text/html,&lt;b&gt;</p>'),
        ("satu\ndua\n\ntiga", '<p dir="auto">satu<br>dua</p><p dir="auto">tiga</p>'),
        ("&amp; 😀 👨‍👩‍👧", '<p dir="auto">&amp;amp; 😀 👨‍👩‍👧</p>'),
        (
            "https://bps.go.id/a?b=1&c=2",
            '<p dir="auto"><a href="https://bps.go.id/a?b=1&amp;c=2" rel="nofollow">'
            "https://bps.go.id/a?b=1&amp;c=2</a></p>",
        ),
    ],
)
def test_what_is_typed_is_shown_and_never_run(typed: str, shown: str) -> None:
    assert as_html(cleaned(typed)) == shown


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from(
            ["<", ">", '"', "'", "&", "\n", "\n\n", "- ", " ", "http://", "https://a.b/", "javascript:", "www.",
             "a@b.id", "onclick=", "</p>", "<svg/onload=", "x", "(", ")", "%22", "&quot;", "&#106;"]
        ),
        min_size=1,
        max_size=30,
    ).map("".join)
)  # fmt: skip
def test_no_tag_and_no_address_but_ours_comes_out(typed: str) -> None:
    try:
        shown = as_html(cleaned(typed))
    except Refused:
        return
    without_ours = OUR_TAGS.sub("", shown)
    assert [sign for sign in "<>" if sign in without_ours] == []


def test_signs_that_turn_the_text_around_or_cannot_be_seen_are_taken_out() -> None:
    assert cleaned("kode\u202e1808\u2066\u2069 \x00\x07\x1b[31mmerah\x9f\ufeff") == "kode1808 [31mmerah"
    assert cleaned("satu\r\ndua\rtiga\tempat") == "satu\ndua\ntiga\tempat"


def test_half_a_letter_from_another_program_is_taken_out() -> None:
    """A lone surrogate can come in by JSON; no database keeps it."""
    assert cleaned("baik\ud83d") == "baik"
    assert cleaned("baik 😀") == "baik 😀"


@pytest.mark.parametrize("typed", ["", "  \n\t ", "\u202e\x00", "\u200b\u200d \u2060"])
def test_nothing_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        cleaned(typed)
    assert refusal.value.code == "empty"


def test_ten_thousand_letters_are_a_message_and_one_more_is_refused_with_both_numbers() -> None:
    assert cleaned("a" * LONGEST) == "a" * LONGEST
    assert cleaned("😀" * LONGEST) == "😀" * LONGEST
    with pytest.raises(Refused, match=r"10\.000.*10\.001"):
        cleaned("a" * (LONGEST + 1))


def test_a_megabyte_is_refused_at_once() -> None:
    began = process_time()
    with pytest.raises(Refused, match=r"1\.000\.000"):
        cleaned("a" * 1_000_000)
    assert process_time() - began < 1


@pytest.mark.parametrize(
    "piece", ["www.", "@", "a@b", "http://", "(", "&lt;", ";", ".", "- \n", "\n\n", "://:", "&"]
)
def test_no_text_of_ten_thousand_letters_keeps_the_server_busy(piece: str) -> None:
    typed = ("://www.@" + piece * LONGEST)[:LONGEST]
    began = process_time()
    as_html(typed)
    assert process_time() - began < 2
