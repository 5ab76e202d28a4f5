"""What a ranking is worth, by the grades of the judged questions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import fsum, log2, nan
from random import Random
from statistics import fmean

from bench.relevance.judged import Judged

# The names of what is found for a question, best first.
Search = Callable[[str], Sequence[str]]
SAMPLES = 2000


def ndcg(grades: dict[str, int], found: Sequence[str], *, depth: int = 10) -> float:
    """Normalised discounted cumulative gain: 1.0 when the best answers stand in the order of their grades.

    Gain 2^grade - 1, discount log2(place + 1) (Burges and others 2005), which makes an exact answer worth seven that
    are only useful beside it. The best possible order is that of all graded answers, found or not.
    """
    best = sorted(grades.values(), reverse=True)[:depth]
    return _gained([grades.get(name, 0) for name in found[:depth]]) / _gained(best)


def _gained(grades: Sequence[int]) -> float:
    return fsum((2.0**grade - 1) / log2(place + 2) for place, grade in enumerate(grades))


def is_met(grades: dict[str, int], found: Sequence[str], *, depth: int, least: int = 2) -> bool:
    """Whether an answer of that grade or a better one stands among the first."""
    return any(grades.get(name, 0) >= least for name in found[:depth])


@dataclass(frozen=True)
class Scores:
    """The figures of one search over one set; shares between 0 and 1. `exact`: an answer of the highest grade."""

    ndcg: float
    first: float
    five: float
    exact_five: float
    nothing: float
    codes_five: float
    codes_exact_five: float

    def cells(self) -> list[str]:
        return [
            f"{self.ndcg:.3f}",
            *(f"{share:.1%}" for share in (self.first, self.five, self.exact_five, self.nothing)),
            *(f"{share:.1%}" for share in (self.codes_five, self.codes_exact_five)),
        ]


HEADS = (
    *("nDCG@10", "success@1", "success@5", "exact@5", "nothing found"),
    *("codes: success@5", "codes: exact@5"),
)


def scores(questions: Sequence[Judged], search: Search) -> Scores:
    """What the search is worth on these questions. Success: an exact or a good answer among the first."""
    answers = [(each, search(each.asked)) for each in questions]
    codes = [(each, found) for each, found in answers if each.is_classification]
    return Scores(
        ndcg=fmean(ndcg(each.grades, found) for each, found in answers),
        first=_share(answers, depth=1),
        five=_share(answers, depth=5),
        exact_five=_share(answers, depth=5, least=3),
        nothing=fmean(not found for _each, found in answers),
        codes_five=_share(codes, depth=5),
        codes_exact_five=_share(codes, depth=5, least=3),
    )


def _share(answers: Sequence[tuple[Judged, Sequence[str]]], *, depth: int, least: int = 2) -> float:
    if not answers:
        return nan
    return fmean(is_met(each.grades, found, depth=depth, least=least) for each, found in answers)


def gains(questions: Sequence[Judged], search: Search) -> list[float]:
    """nDCG@10 of each question."""
    return [ndcg(each.grades, search(each.asked)) for each in questions]


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Between what their mean lies in 95 of 100 samples of as many, drawn from these with replacement.

    The percentile bootstrap over questions (Sakai 2006): how much of a figure is the luck of who asked. Of the
    differences between two searches it says whether one is better. The same values give the same interval in every run.
    """
    chance = Random(SAMPLES)
    means = sorted(fmean(chance.choices(values, k=len(values))) for _ in range(SAMPLES))
    return means[round(SAMPLES * 0.025)], means[round(SAMPLES * 0.975) - 1]
