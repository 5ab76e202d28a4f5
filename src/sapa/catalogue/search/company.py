"""What stands beside the best answers: the group, the parts and the neighbours of a code, what it is in other versions,
the yearbook of a place."""

from collections.abc import Sequence
from typing import Final

from sapa.catalogue.search.documents import Card
from sapa.catalogue.search.question import Question
from sapa.catalogue.search.ranking import CODE, Fit
from sapa.catalogue.search.weights import USED, Weights

MOST_LEADING: Final = 3
LOOKED_AT_TO_LEAD: Final = 10
# The codes beside a leading one stay in their order.
STEP: Final = 0.005


def leading(fits: Sequence[Fit], weights: Weights = USED) -> list[Fit]:
    """The codes that may well be the one that is looked for, best first."""
    codes = [fit for fit in fits[:LOOKED_AT_TO_LEAD] if fit.card.kind == CODE]
    if not codes or codes[0].score < fits[0].score * weights.leading:
        return []
    least = codes[0].score * weights.leading
    found = [each for each in codes[:MOST_LEADING] if each.score >= least]
    families = {each.card.version[:4] for each in found}
    least = codes[0].score * weights.leading_family
    for each in codes:
        if each.card.version[:4] not in families and each.score >= least:
            families.add(each.card.version[:4])
            found.append(each)
    return found


def with_kin(
    fits: Sequence[Fit], kin: Sequence[tuple[Fit, Sequence[Card]]], weights: Weights = USED
) -> list[Fit]:
    """Each leading code brings its group, what it is divided into and the codes beside it, well below it: who looks for
    one often wants the next, or what both are part of."""
    known = {fit.card.key: fit for fit in fits}
    for leader, cards in kin:
        beside = 0
        for card in sorted(cards, key=lambda each: each.code):
            if card.group == leader.card.group:
                why, share = "neighbour", weights.neighbour - beside * STEP
                beside += 1
            elif card.group == group_below(leader.card):
                why, share = "part of it", weights.below - beside * STEP
                beside += 1
            else:
                why, share = "its group", weights.above
            score, fit = leader.score * share, known.get(card.key)
            if fit is None or fit.score < score:
                known[card.key] = Fit(card, score, fit.covered if fit else 0.0, ((why, round(share, 3)),))
    return sorted(known.values(), key=lambda fit: -fit.score)


def group_below(card: Card) -> str:
    """What the codes that a code is divided into have in common."""
    return f"{card.version} {card.code}".casefold()


def with_counterparts(
    fits: Sequence[Fit], counterparts: Sequence[Card], question: Question, weights: Weights = USED
) -> list[Fit]:
    """What the code asked for is in other versions; first, where that was asked."""
    best = max((fit.score for fit in fits), default=1.0)
    share = weights.turned if question.turns else weights.counterpart
    known = {fit.card.key: fit for fit in fits}
    for card in counterparts:
        known[card.key] = Fit(card, best * share, 0.0, (("in another version", share),))
    return sorted(known.values(), key=lambda fit: -fit.score)


def with_yearbook(fits: Sequence[Fit], book: Card | None, weights: Weights = USED) -> list[Fit]:
    """Beside figures the yearbook of the place, which holds most of the tables there are."""
    is_figure = bool(fits) and fits[0].card.kind != CODE
    if book is None or not is_figure or any(fit.card.key == book.key for fit in fits):
        return list(fits)
    fit = Fit(book, fits[0].score * weights.yearbook, 0.0, (("yearbook", weights.yearbook),))
    return sorted([*fits, fit], key=lambda fit: -fit.score)
