"""The satisfaction index SKM of PermenPANRB 14/2017: nine elements, exact arithmetic, category, sample.

Elements are keyed by name: the numbers of the last two differ between the regulation and printed reports, and
an application was found that swapped their answers because of it (domain.md 5.1).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Element(StrEnum):
    """The nine elements (unsur), in the order of the questionnaire."""

    REQUIREMENTS = "requirements"
    PROCEDURE = "procedure"
    TIME = "time"
    COST = "cost"
    PRODUCT = "product"
    COMPETENCE = "competence"
    CONDUCT = "conduct"
    FACILITIES = "facilities"
    COMPLAINTS = "complaints"


@dataclass(frozen=True, slots=True)
class Question:
    """One element as the visitor sees it; `answers[0]` scores 1, `answers[3]` scores 4."""

    element: Element
    name: StrPromise
    text: StrPromise
    answers: tuple[StrPromise, StrPromise, StrPromise, StrPromise]

    def answer(self, score: int) -> StrPromise:
        """The wording of a score from 1 to 4."""
        return self.answers[_score(score) - 1]


# The wording of domain.md 5.1; the Indonesian text, which is the instrument, stands in the catalogue.
QUESTIONNAIRE: Final[tuple[Question, ...]] = (
    Question(
        Element.REQUIREMENTS,
        _("Requirements"),
        _("How well do the requirements fit the kind of service?"),
        (_("Do not fit"), _("Fit less well"), _("Fit"), _("Fit very well")),
    ),
    Question(
        Element.PROCEDURE,
        _("Procedure"),
        _("How easy is the procedure of this service?"),
        (_("Not easy"), _("Less easy"), _("Easy"), _("Very easy")),
    ),
    Question(
        Element.TIME,
        _("Time"),
        _("How quick was the service?"),
        (_("Not quick"), _("Less quick"), _("Quick"), _("Very quick")),
    ),
    Question(
        Element.COST,
        _("Cost"),
        _("How reasonable is the cost of this service?"),
        (
            pgettext_lazy("cost", "Very expensive"),
            pgettext_lazy("cost", "Rather expensive"),
            pgettext_lazy("cost", "Cheap"),
            pgettext_lazy("cost", "Free of charge"),
        ),
    ),
    Question(
        Element.PRODUCT,
        _("Product"),
        _("How well does what you received match the service standard?"),
        (_("Does not match"), _("Matches less well"), _("Matches"), _("Matches very well")),
    ),
    Question(
        Element.COMPETENCE,
        _("Competence"),
        _("How able was the officer?"),
        (_("Not competent"), _("Less competent"), _("Competent"), _("Very competent")),
    ),
    Question(
        Element.CONDUCT,
        _("Conduct"),
        _("How polite and friendly was the officer?"),
        (
            _("Not polite and friendly"),
            _("Less polite and friendly"),
            _("Polite and friendly"),
            _("Very polite and friendly"),
        ),
    ),
    Question(
        Element.FACILITIES,
        _("Facilities"),
        _("How good are the rooms and the equipment?"),
        (
            pgettext_lazy("facilities", "Bad"),
            pgettext_lazy("facilities", "Fair"),
            pgettext_lazy("facilities", "Good"),
            pgettext_lazy("facilities", "Very good"),
        ),
    ),
    Question(
        Element.COMPLAINTS,
        _("Complaints"),
        _("How are complaints of users handled?"),
        (
            pgettext_lazy("complaint handling", "There is none"),
            pgettext_lazy("complaint handling", "It exists but does not work"),
            pgettext_lazy("complaint handling", "It works, but not fully"),
            pgettext_lazy("complaint handling", "Well managed"),
        ),
    ),
)
BY_ELEMENT: Final[Mapping[Element, Question]] = {each.element: each for each in QUESTIONNAIRE}

LOWEST: Final = 1
HIGHEST: Final = 4
WEIGHT: Final = Fraction(1, len(Element))
# Below five answers a result points at persons, and one of them moves it by a class: it is not published.
SMALLEST_PUBLISHED: Final = 5


class Grade(StrEnum):
    """The category of an index by the lower bounds of PermenPANRB 14/2017, after rounding (domain.md 5.1)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"

    @property
    def quality(self) -> StrPromise:
        """The word for the performance of the unit."""
        return _QUALITY[self]


_LOWER_BOUNDS: Final = (
    (Grade.A, Decimal("88.31")),
    (Grade.B, Decimal("76.61")),
    (Grade.C, Decimal("65.00")),
)
_QUALITY: Final = {
    Grade.A: pgettext_lazy("service quality", "Very good"),
    Grade.B: pgettext_lazy("service quality", "Good"),
    Grade.C: pgettext_lazy("service quality", "Less good"),
    Grade.D: pgettext_lazy("service quality", "Not good"),
}


class Flag(StrEnum):
    """What a reader must be told beside the index."""

    SMALL_SAMPLE = "small_sample"
    SUPPRESSED = "suppressed"

    @property
    def sentence(self) -> StrPromise:
        """The flag as a sentence for the page and the report."""
        return _FLAG_SENTENCES[self]


_FLAG_SENTENCES: Final = {
    Flag.SMALL_SAMPLE: _(
        "Fewer answers than the sample this number of users needs: read the index with care."
    ),
    Flag.SUPPRESSED: _("Fewer than five answers: the index is not published."),
}
SAMPLE_METHOD: Final = _(
    "Sample size by Krejcie and Morgan (chi-square 3.841, P 0.5, error 0.05), rounded to the nearest."
)


@dataclass(frozen=True, slots=True)
class ElementResult:
    """The scores of one element: their sum, how many were given, how many were left out, the mean (NRR)."""

    total: int
    answered: int
    missing: int

    @property
    def mean(self) -> Fraction | None:
        """NRR, exact; None when nobody answered."""
        return Fraction(self.total, self.answered) if self.answered else None

    @property
    def converted(self) -> Decimal | None:
        """The mean on the scale 25 to 100, rounded half up to two decimals, for charts and tables."""
        return None if self.mean is None else half_up(self.mean * 25)


@dataclass(frozen=True, slots=True)
class Result:
    """An SKM result. `exact` and `ikm` are None when an element has no answer at all (see `unanswered`)."""

    count: int
    elements: Mapping[Element, ElementResult]
    exact: Fraction | None
    exact_without_cost: Fraction | None
    flags: frozenset[Flag]

    @property
    def unanswered(self) -> tuple[Element, ...]:
        """The elements nobody answered, for which no index can be computed."""
        return tuple(each for each in Element if not self.elements[each].answered)

    @property
    def ikm(self) -> Decimal | None:
        """The index from 25 to 100, half up to two decimals. Pages and reports show `published` instead."""
        return None if self.exact is None else half_up(self.exact)

    @property
    def published(self) -> Decimal | None:
        """The index that may be shown; None when it is suppressed or cannot be computed."""
        return None if Flag.SUPPRESSED in self.flags else self.ikm

    @property
    def without_cost(self) -> Decimal | None:
        """The index of the other eight: a free service scores 4 on cost by design (domain.md 5.1)."""
        return None if self.exact_without_cost is None else half_up(self.exact_without_cost)

    @property
    def grade(self) -> Grade | None:
        """The category of the rounded index."""
        return None if self.ikm is None else grade(self.ikm)

    @property
    def weakest(self) -> tuple[Element, ...]:
        """The element with the lowest mean, several when they tie, none when all answered ones are equal."""
        means = {each: mean for each in Element if (mean := self.elements[each].mean) is not None}
        lowest = min(means.values(), default=Fraction(0))
        return tuple(each for each in means if means[each] == lowest) if len(set(means.values())) > 1 else ()


@dataclass(frozen=True, slots=True)
class Adequacy:
    """Whether enough users answered."""

    received: int
    needed: int
    population: int

    @property
    def enough(self) -> bool:
        """At least as many answers as the sample needs."""
        return self.received >= self.needed


def index(responses: Iterable[Mapping[Element, int | None]], *, population: int | None = None) -> Result:
    """The index of these answers: mean per element over the answers given, weight exactly 1/9, times 25.

    A response without a single score is no response. `population`: how many users were served in the period;
    when it is known, too small a sample is flagged. Raises ValueError for a score that is not 1, 2, 3 or 4.
    """
    given = [scores for each in responses if (scores := _scores(each))]
    elements = {
        each: ElementResult(
            total=sum(scores[each] for scores in given if each in scores),
            answered=sum(each in scores for scores in given),
            missing=sum(each not in scores for scores in given),
        )
        for each in Element
    }
    flags = set()
    if len(given) < SMALLEST_PUBLISHED:
        flags.add(Flag.SUPPRESSED)
    if population is not None and not adequacy(len(given), population).enough:
        flags.add(Flag.SMALL_SAMPLE)
    return Result(
        count=len(given),
        elements=elements,
        exact=_converted([elements[each].mean for each in Element]),
        exact_without_cost=_converted([elements[each].mean for each in Element if each is not Element.COST]),
        flags=frozenset(flags),
    )


def index_with_rounded_weight(result: Result, weight: Decimal) -> Decimal | None:
    """The index as an older report printed it with a weight of 0.11 or 0.111 instead of 1/9.

    Only to reproduce such a report and to say so: with 0.11 the best possible index is 99.00 (domain.md 5.1).
    """
    means = [mean for each in Element if (mean := result.elements[each].mean) is not None]
    return half_up(sum(means, Fraction(0)) * Fraction(weight) * 25) if len(means) == len(Element) else None


def grade(ikm: Decimal) -> Grade:
    """The category of an index already rounded to two decimals: the table's gaps then hold no value."""
    return next((each for each, bound in _LOWER_BOUNDS if ikm >= bound), Grade.D)


def sample_size(population: int) -> int:
    """How many answers a population needs (domain.md 5.3), by the formula, rounded to the nearest.

    Krejcie and Morgan: chi-square 3.841, P 0.5, d 0.05.
    """
    if population < 0:
        raise ValueError("a population cannot be negative")
    if population == 0:
        return 0
    # 3.841 * 0.25 and 0.05 squared, both times 100,000 to stay in whole numbers.
    needed = Fraction(96025 * population, 250 * (population - 1) + 96025)
    return math.floor(needed + Fraction(1, 2))


def adequacy(n: int, population: int) -> Adequacy:
    """The answers received beside the answers needed."""
    return Adequacy(received=n, needed=sample_size(population), population=population)


def half_up(value: Fraction) -> Decimal:
    """Rounded to two decimals, halves away from zero, without passing through a float."""
    return Decimal(math.floor(value * 100 + Fraction(1, 2))).scaleb(-2)


def _score(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not LOWEST <= value <= HIGHEST:
        raise ValueError(f"a score is 1, 2, 3 or 4, not {value!r}")
    return value


def _scores(response: Mapping[Element, int | None]) -> dict[Element, int]:
    """The scores given; a key that is no element is refused, for a misspelt one would silently vanish."""
    return {Element(element): _score(value) for element, value in response.items() if value is not None}


def _converted(means: Sequence[Fraction | None]) -> Fraction | None:
    """The mean of the elements times 25, exact; None when one of them has no answer."""
    known = [mean for mean in means if mean is not None]
    return sum(known, Fraction(0)) / len(means) * 25 if len(known) == len(means) else None
