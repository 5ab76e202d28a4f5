"""Better weights for the ranking: each in turn a little more or less, kept where the questions that may be looked at
are answered better. What it is worth on other questions, only the third set tells."""

from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from statistics import fmean
from typing import Final

from bench.relevance.judged import READABLE, judged
from bench.relevance.scores import ndcg
from bench.relevance.searches import ours
from sapa.catalogue.search.weights import USED, Weights
from sapa.offices.models import Office

STEPS: Final = (0.75, 0.9, 1.1, 1.3)
# What is gained by less is chance.
LEAST_GAIN: Final = 0.0004


def tune(office: Office) -> Weights:
    """One round over all weights, told as it goes. Returns the best found."""
    best, score = USED, _score(office, USED)
    print(f"now {score:.4f}", flush=True)
    for name in (field.name for field in fields(Weights)):
        for tried in _around(best, name):
            reached = _score(office, tried)
            if reached > score + LEAST_GAIN:
                best, score = tried, reached
                print(f"{name} {getattr(USED, name):g} -> {getattr(tried, name):g}: {score:.4f}", flush=True)
    print("\n".join(f"{name}: {value:g}" for name, value in asdict(best).items()))
    return best


def _around(weights: Weights, name: str) -> Iterator[Weights]:
    value = getattr(weights, name)
    for step in STEPS:
        yield replace(weights, **{name: value * step})


def _score(office: Office, weights: Weights) -> float:
    """nDCG@10 over all readable questions."""
    search = ours(office, weights=weights)
    return fmean(ndcg(each.grades, search(each.asked)) for name in READABLE for each in judged(name))
