"""The satisfaction index: exact, keyed by name, honest about small samples."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import polib
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from sapa.feedback import skm
from sapa.feedback.skm import (
    BY_ELEMENT,
    QUESTIONNAIRE,
    SAMPLE_METHOD,
    WEIGHT,
    Adequacy,
    Element,
    Flag,
    Grade,
    Result,
    adequacy,
    grade,
    half_up,
    index,
    index_with_rounded_weight,
    sample_size,
)

# Worked example 1 of domain.md 5.2: how many of the 29 respondents gave 4, 3 and 2.
EXAMPLE = {
    Element.REQUIREMENTS: (18, 11, 0),
    Element.PROCEDURE: (14, 15, 0),
    Element.TIME: (15, 12, 2),
    Element.COST: (29, 0, 0),
    Element.PRODUCT: (15, 14, 0),
    Element.COMPETENCE: (18, 11, 0),
    Element.CONDUCT: (19, 10, 0),
    Element.FACILITIES: (18, 11, 0),
    Element.COMPLAINTS: (28, 1, 0),
}


def example() -> list[dict[Element, int | None]]:
    columns = {
        element: [4] * fours + [3] * threes + [2] * twos for element, (fours, threes, twos) in EXAMPLE.items()
    }
    return [{element: columns[element][row] for element in Element} for row in range(29)]


def everywhere(score: int | None) -> dict[Element, int | None]:
    return dict.fromkeys(Element, score)


scores = st.one_of(st.none(), st.integers(1, 4))
responses = st.lists(st.fixed_dictionaries(dict.fromkeys(Element, scores)), max_size=12)


def test_the_worked_example_comes_out_to_the_last_digit() -> None:
    result = index(example())
    assert result.exact == Fraction(955, 29 * 9) * 25
    assert float(result.exact or 0) == pytest.approx(91.475, abs=0.001)
    assert (result.ikm, result.published, result.grade) == (Decimal("91.48"), Decimal("91.48"), Grade.A)


def test_the_means_of_the_worked_example() -> None:
    elements = index(example()).elements
    assert [elements[each].total for each in Element] == [105, 101, 100, 116, 102, 105, 106, 105, 115]
    assert [round(float(elements[each].mean or 0), 4) for each in Element] == [
        3.6207,
        3.4828,
        3.4483,
        4.0,
        3.5172,
        3.6207,
        3.6552,
        3.6207,
        3.9655,
    ]


def test_time_is_the_weakest_element_of_the_worked_example() -> None:
    result = index(example())
    assert result.weakest == (Element.TIME,)
    assert result.elements[Element.TIME].converted == Decimal("86.21")


def test_the_other_eight_stand_beside_the_index_of_a_free_service() -> None:
    result = index(example())
    assert result.exact_without_cost == Fraction(955 - 116, 29 * 8) * 25
    assert result.without_cost == Decimal("90.41")


def test_a_rounded_weight_reproduces_the_old_report_and_never_the_index() -> None:
    result = index(example())
    assert index_with_rounded_weight(result, Decimal("0.11")) == Decimal("90.56")
    assert index_with_rounded_weight(result, Decimal("0.111")) == Decimal("91.38")
    assert result.ikm == Decimal("91.48")


def test_with_the_rounded_weight_even_perfection_is_not_a_hundred() -> None:
    perfect = index([everywhere(4)] * 5)
    assert (perfect.ikm, index_with_rounded_weight(perfect, Decimal("0.11"))) == (
        Decimal("100.00"),
        Decimal("99.00"),
    )


def test_the_weight_is_exactly_one_ninth() -> None:
    assert Fraction(1, 9) == WEIGHT


@pytest.mark.parametrize(
    ("ikm", "expected"),
    [
        ("100.00", Grade.A),
        ("88.31", Grade.A),
        ("88.30", Grade.B),
        ("76.61", Grade.B),
        ("76.60", Grade.C),
        ("65.00", Grade.C),
        ("64.99", Grade.D),
        ("25.00", Grade.D),
    ],
)
def test_each_bound_belongs_to_the_better_category(ikm: str, expected: Grade) -> None:
    assert grade(Decimal(ikm)) is expected


@pytest.mark.parametrize(("ikm", "expected"), [("62.51", Grade.D), ("81.26", Grade.B), ("43.76", Grade.D)])
def test_the_bounds_of_2004_are_not_used(ikm: str, expected: Grade) -> None:
    assert grade(Decimal(ikm)) is expected


@pytest.mark.parametrize(
    ("exact", "rounded", "expected"),
    [
        (Fraction(76605, 1000), "76.61", Grade.B),
        (Fraction(766049, 10000), "76.60", Grade.C),
        (Fraction(88305, 1000), "88.31", Grade.A),
        (Fraction(64995, 1000), "65.00", Grade.C),
    ],
)
def test_a_value_in_a_gap_of_the_table_is_rounded_half_up_first(
    exact: Fraction, rounded: str, expected: Grade
) -> None:
    assert half_up(exact) == Decimal(rounded)
    assert grade(half_up(exact)) is expected


def test_half_up_does_not_follow_the_even_neighbour() -> None:
    assert [half_up(Fraction(n, 1000)) for n in (2665, 2675, 1005)] == [
        Decimal("2.67"),
        Decimal("2.68"),
        Decimal("1.01"),
    ]


def test_a_left_out_answer_is_missing_and_not_a_zero() -> None:
    answers = [everywhere(4)] * 4 + [{**everywhere(4), Element.TIME: None}]
    result = index(answers)
    time = result.elements[Element.TIME]
    assert (time.total, time.answered, time.missing) == (16, 4, 1)
    assert result.ikm == Decimal("100.00")


def test_an_absent_key_is_a_left_out_answer() -> None:
    result = index([{Element.TIME: 3}] * 5)
    assert result.elements[Element.COST].missing == 5


def test_an_element_nobody_answered_leaves_no_index_and_is_named() -> None:
    result = index([{**everywhere(3), Element.PRODUCT: None, Element.COST: None}] * 6)
    assert (result.ikm, result.published, result.grade) == (None, None, None)
    assert result.unanswered == (Element.COST, Element.PRODUCT)
    assert index_with_rounded_weight(result, Decimal("0.11")) is None


def test_without_an_answer_on_cost_the_other_eight_still_give_their_index() -> None:
    result = index([{**everywhere(3), Element.COST: None}] * 6)
    assert (result.ikm, result.without_cost) == (None, Decimal("75.00"))


def test_no_answers_at_all() -> None:
    result = index([])
    assert (result.count, result.ikm, result.weakest) == (0, None, ())
    assert result.unanswered == tuple(Element)
    assert result.flags == {Flag.SUPPRESSED}


def test_an_empty_form_is_not_a_response() -> None:
    assert index([everywhere(None), {}, everywhere(2)]).count == 1


def test_elements_that_tie_are_all_named_as_weakest() -> None:
    answers = [{**everywhere(4), Element.TIME: 2, Element.FACILITIES: 2}] * 5
    assert index(answers).weakest == (Element.TIME, Element.FACILITIES)


def test_when_all_are_equal_none_is_the_weakest() -> None:
    assert index([everywhere(3)] * 5).weakest == ()


@pytest.mark.parametrize(("n", "published"), [(4, None), (5, Decimal("75.00"))])
def test_fewer_than_five_answers_are_not_published(n: int, published: Decimal | None) -> None:
    result = index([everywhere(3)] * n)
    assert result.published == published
    assert (Flag.SUPPRESSED in result.flags) is (published is None)


@pytest.mark.parametrize(("n", "flags"), [(131, {Flag.SMALL_SAMPLE}), (132, set())])
def test_a_sample_under_the_needed_size_is_flagged(n: int, flags: set[Flag]) -> None:
    assert index([everywhere(3)] * n, population=200).flags == flags


def test_without_a_known_population_no_sample_is_called_small() -> None:
    assert index([everywhere(3)] * 5).flags == set()


@pytest.mark.parametrize("score", [0, 5, -1, True, 3.0, "4"])
def test_a_score_outside_the_scale_is_refused(score: object) -> None:
    with pytest.raises(ValueError, match="a score is 1, 2, 3 or 4"):
        index([{Element.TIME: score}])  # type: ignore[dict-item]  # the point of the test


def test_a_misspelt_element_is_refused() -> None:
    with pytest.raises(ValueError, match="speed"):
        index([{"speed": 4}])  # type: ignore[dict-item]  # the point of the test


@given(responses)
def test_the_index_lies_between_25_and_100_and_the_counts_add_up(
    answers: list[dict[Element, int | None]],
) -> None:
    result = index(answers)
    for each in result.elements.values():
        assert each.answered + each.missing == result.count
    if result.ikm is not None:
        assert Decimal("25.00") <= result.ikm <= Decimal("100.00")


@given(responses)
def test_the_order_of_the_answers_changes_nothing(answers: list[dict[Element, int | None]]) -> None:
    assert index(answers[::-1]) == index(answers)


@given(responses.filter(lambda answers: index(answers).exact is not None))
def test_asking_everybody_twice_changes_nothing_but_the_count(
    answers: list[dict[Element, int | None]],
) -> None:
    once: Result = index(answers)
    twice: Result = index(answers + answers)
    assert (twice.exact, twice.count) == (once.exact, 2 * once.count)


# The sample: the whole table of domain.md 5.3.
KREJCIE_MORGAN: Mapping[int, int] = {
    10: 10, 15: 14, 20: 19, 25: 24, 30: 28, 35: 32, 40: 36, 45: 40, 50: 44, 55: 48,
    60: 52, 70: 59, 75: 63, 80: 66, 85: 70, 90: 73, 95: 76, 100: 80, 120: 92, 140: 103,
    150: 108, 180: 123, 200: 132, 220: 140, 250: 152, 280: 162, 300: 169, 320: 175, 360: 186, 380: 191,
    400: 196, 440: 205, 500: 217, 550: 226, 600: 234, 700: 248, 800: 260, 900: 269, 1000: 278, 1200: 291,
    1500: 306, 2000: 322, 3000: 341, 4000: 351, 5000: 357, 6000: 361, 8000: 367, 10000: 370,
    50000: 381, 1000000: 384,
}  # fmt: skip


@pytest.mark.parametrize(("population", "needed"), KREJCIE_MORGAN.items())
def test_the_sample_size_agrees_with_the_printed_table(population: int, needed: int) -> None:
    assert sample_size(population) == needed


def test_a_tiny_population_is_asked_completely() -> None:
    assert [sample_size(n) for n in range(6)] == [0, 1, 2, 3, 4, 5]


def test_a_negative_population_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        sample_size(-1)


@given(st.integers(0, 2_000_000))
def test_the_sample_never_exceeds_the_population_nor_shrinks_with_it(population: int) -> None:
    assert sample_size(population) <= min(population, 384)
    assert sample_size(population) <= sample_size(population + 1)


def test_adequacy_says_what_was_received_and_what_is_needed() -> None:
    assert adequacy(29, 200) == Adequacy(received=29, needed=132, population=200)
    assert [adequacy(n, 200).enough for n in (131, 132)] == [False, True]


# The questionnaire.


def test_the_questionnaire_asks_facilities_eighth_and_complaints_ninth() -> None:
    assert [each.element for each in QUESTIONNAIRE] == list(Element)
    assert [QUESTIONNAIRE[7].element, QUESTIONNAIRE[8].element] == [Element.FACILITIES, Element.COMPLAINTS]


def test_the_answer_scales_of_facilities_and_complaints_are_not_swapped() -> None:
    with translation.override("en"):
        assert str(BY_ELEMENT[Element.FACILITIES].answer(4)) == "Very good"
        assert str(BY_ELEMENT[Element.COMPLAINTS].answer(1)) == "There is none"
        assert str(BY_ELEMENT[Element.COST].answer(4)) == "Free of charge"


@pytest.mark.parametrize("score", [0, 5])
def test_there_is_no_fifth_answer(score: int) -> None:
    with pytest.raises(ValueError, match="a score is"):
        BY_ELEMENT[Element.TIME].answer(score)


def test_every_question_has_a_name_a_text_and_four_different_answers() -> None:
    with translation.override("en"):
        for each in QUESTIONNAIRE:
            assert str(each.name)
            assert str(each.text).endswith("?")
            assert len({str(answer) for answer in each.answers}) == 4


def test_grades_and_flags_have_words() -> None:
    with translation.override("en"):
        assert [str(each.quality) for each in Grade] == ["Very good", "Good", "Less good", "Not good"]
        assert str(Flag.SUPPRESSED.sentence) == "Fewer than five answers: the index is not published."
        assert str(Flag.SMALL_SAMPLE.sentence).startswith("Fewer answers than the sample")
        assert str(SAMPLE_METHOD).endswith("rounded to the nearest.")


# The answer scales as printed (domain.md 5.1), from 1 to 4. The Indonesian wording is the instrument itself.
PRINTED = {
    Element.REQUIREMENTS: ["Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"],
    Element.PROCEDURE: ["Tidak mudah", "Kurang mudah", "Mudah", "Sangat mudah"],
    Element.TIME: ["Tidak cepat", "Kurang cepat", "Cepat", "Sangat cepat"],
    Element.COST: ["Sangat mahal", "Cukup mahal", "Murah", "Gratis"],
    Element.PRODUCT: ["Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"],
    Element.COMPETENCE: ["Tidak kompeten", "Kurang kompeten", "Kompeten", "Sangat kompeten"],
    Element.CONDUCT: [
        "Tidak sopan dan ramah",
        "Kurang sopan dan ramah",
        "Sopan dan ramah",
        "Sangat sopan dan ramah",
    ],
    Element.FACILITIES: ["Buruk", "Cukup", "Baik", "Sangat baik"],
    Element.COMPLAINTS: [
        "Tidak ada",
        "Ada tetapi tidak berfungsi",
        "Berfungsi kurang maksimal",
        "Dikelola dengan baik",
    ],
}


def test_the_indonesian_answers_are_those_of_the_instrument() -> None:
    catalogue = polib.pofile(str(Path(skm.__file__).parent / "locale/id/LC_MESSAGES/django.po"))
    contexts = {
        Element.COST: "cost",
        Element.FACILITIES: "facilities",
        Element.COMPLAINTS: "complaint handling",
    }
    translated = {(entry.msgctxt or "", entry.msgid): entry.msgstr for entry in catalogue}
    with translation.override("en"):
        shown = {
            each.element: [translated[contexts.get(each.element, ""), str(answer)] for answer in each.answers]
            for each in QUESTIONNAIRE
        }
    assert shown == PRINTED
